// How people work a page: with a pointer or with a keyboard alone, whatever the language. A person has three verbs
// (press, choose, write), and looks at every page that they arrive at.

import assert from "node:assert/strict";
import { arriving } from "./browser.js";
import { rememberUnfocused, seesFocus } from "./look.js";

/** More stops of the Tab key than any page of the review has. */
const MOST_STOPS = 90;

/** A person with a mouse, a finger or a pen. */
export class Person {
  constructor(page, language, look = async () => {}) {
    Object.assign(this, { page, language, look });
  }

  /** Goes to an address. */
  async goTo(path) {
    return this.arrive(() => this.page.goto(path));
  }

  /** Presses a button or follows a link that leads to another page. */
  async press(name) {
    const element = await this.actionable(name);
    await element.waitFor({ timeout: 5_000 });
    return this.arrive(() => this.activate(element));
  }

  /** Chooses a radio button or ticks a box. */
  async choose(label) {
    await this.page.getByLabel(label, { exact: true }).check();
  }

  /** Writes into a field, in place of what it held. */
  async write(label, text) {
    await this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Picks one from a list that opens. */
  async pick(label, text) {
    await this.page.getByLabel(label, { exact: true }).selectOption(text);
  }

  /** The heading of the page. */
  async heading() {
    return (await this.page.locator("h1").innerText()).trim();
  }

  /** Everything that can be read on the page. */
  async text() {
    return this.page.locator("main").innerText();
  }

  /** The link or button of that name; what stands in the page itself comes before what stands around it. */
  async actionable(name) {
    const named = (place) => {
      const exactly = { name, exact: true };
      return place.getByRole("button", exactly).or(place.getByRole("link", exactly));
    };
    const within = named(this.page.locator("main"));
    return (await within.count()) ? within.first() : named(this.page).first();
  }

  async activate(element) {
    await element.click();
  }

  async arrive(act) {
    const response = await arriving(this.page, act);
    await this.look(this.page, response);
    return response;
  }
}

/** A person with nothing but a keyboard, who can always see where they are. */
export class KeyboardPerson extends Person {
  async activate(element) {
    await this.reach(element);
    await this.page.keyboard.press("Enter");
  }

  async choose(label) {
    const field = this.page.getByLabel(label, { exact: true });
    if ((await field.getAttribute("type")) === "checkbox") {
      await this.reach(field);
      if (!(await field.isChecked())) await this.page.keyboard.press("Space");
    } else {
      await this.chooseRadio(field);
    }
    assert.ok(await field.isChecked(), `${label} is chosen`);
  }

  async chooseRadio(field) {
    // One stop of Tab leads into the group, and the arrows lead through it.
    const group = this.page.locator(`input[type=radio][name="${await field.getAttribute("name")}"]`);
    await this.reach(group);
    for (let step = await group.count(); step > 0 && !(await isFocused(field)); step -= 1) {
      await this.page.keyboard.press("ArrowDown");
      await seesFocus(this.page);
    }
    if (!(await field.isChecked())) await this.page.keyboard.press("Space");
  }

  async write(label, text) {
    await this.reach(this.page.getByLabel(label, { exact: true }));
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.type(text);
  }

  async pick(label, text) {
    const list = this.page.getByLabel(label, { exact: true });
    await this.reach(list);
    await this.page.keyboard.type(text);
    assert.equal(await list.inputValue(), text, `${text} is picked for ${label}`);
  }

  /** Presses Tab until one of `elements` has the focus; at every stop it can be seen. */
  async reach(elements) {
    await elements.first().waitFor();
    for (let stop = 0; stop < MOST_STOPS; stop += 1) {
      if (await isFocused(elements)) return;
      await this.page.keyboard.press("Tab");
      await seesFocus(this.page);
    }
    assert.fail(`Tab does not lead to ${elements} on ${this.page.url()}`);
  }

  async arrive(act) {
    const response = await super.arrive(act);
    await rememberUnfocused(this.page);
    return response;
  }
}

async function isFocused(elements) {
  return elements.evaluateAll((all) => all.includes(document.activeElement));
}
