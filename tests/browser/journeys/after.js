// After it was sent: somebody keeps the receipt on paper, sends it to themselves, and answers what the team asks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { give } from "../help/evidence.js";
import { fits } from "../help/look.js";
import { KeyboardPerson, Person } from "../help/person.js";
import { command } from "../help/product.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

const PEOPLE = [
  { who: "with a keyboard, in English", language: "en", Kind: KeyboardPerson, options: {} },
  { who: "without JavaScript, in Welsh", language: "cy", Kind: Person, options: { javaScriptEnabled: false } },
  { who: "on a narrow telephone", language: "en", Kind: Person, options: { viewport: { width: 320, height: 640 } } },
];

journeys("after it was sent", {}, () => {
  for (const { who, language, Kind, options } of PEOPLE) {
    test(`paper, mail and a question from the team, ${who}`, async () => {
      const { page, leave } = await visitor(world, options);
      const person = new Kind(page, language, options.viewport ? fits : undefined);
      const t = (key, variables) => say(language, key, variables);
      const base = `${language === "cy" ? "/cy" : ""}${world.base}`;
      const reference = await sent(person);

      // One sheet to keep, with everything on it.
      const words = await page.locator(".fm-words li").allInnerTexts();
      await person.press(t("receipt-letter"));
      const letter = await page.locator("main").innerText();
      for (const said of [reference, ...words, `${base}/receipt`]) assert.ok(letter.includes(said), said);
      await document(page, t("said-pdf"));
      await person.press(t("back-to-receipt"));
      await person.press(t("receipt-copy"));
      assert.match(await person.text(), /Nobody answers the telephone\./);
      await document(page, t("said-pdf"));
      await person.press(t("back-to-receipt"));

      // By e-mail, with what is wrong said and what was typed kept.
      await person.press(t("receipt-mail"));
      await person.write(t("own-mail-label"), "ada@");
      assert.equal((await person.press(t("own-mail-button"))).status(), 422);
      assert.equal(await page.locator("#address").inputValue(), "ada@");
      await person.choose(t("own-mail-copy"));
      await person.write(t("own-mail-label"), "ada@example.net");
      await person.press(t("own-mail-button"));
      assert.equal(await person.heading(), t("own-mail-sent"));
      await person.press(t("back-to-receipt"));

      // The team asks; nothing typed is lost; rather not, and after all.
      await command(world.product, "ask", reference, "At what time did you call?", "--by", "2098-01-31");
      await person.goTo(`${base}/receipt`);
      assert.match(await person.text(), /At what time did you call\?/);
      assert.equal((await person.press(t("asked-send"))).status(), 422);
      await person.press(t("asked-decline"));
      assert.ok((await person.text()).includes(t("step-declined")));
      await person.press(t("step-asked-late-link"));
      await person.write(t("asked-label"), "At nine in the morning.");
      await person.choose(t("asked-publish"));
      await person.press(t("asked-send"));
      assert.ok((await person.text()).includes("At nine in the morning."));
      await command(world.product, "publish", reference);
      await command(world.product, "replies show", reference, "asked-1");
      await person.goTo(`${base}/contributions/${reference}`);
      assert.match(await person.text(), /At nine in the morning\./);
      await leave();
    });
  }

  test("the letter is one sheet of paper", async () => {
    const { page, leave } = await visitor(world);
    for (const language of ["en", "cy"]) {
      const person = new Person(page, language);
      await give(person, "Nobody answers the telephone.");
      await person.press(say(language, "receipt-letter"));
      const printed = (await page.pdf({ tagged: true, format: "A4" })).toString("latin1");
      assert.equal(printed.match(/\/Type \/Page\b(?!s)/g).length, 1, language);
    }
    await leave();
  });
});

/** Gives evidence; the reference on the receipt that stands open then. */
async function sent(person) {
  await give(person, "Nobody answers the telephone.");
  return (await person.page.locator(".fm-receipt__ref").innerText()).trim();
}

/** Fetches the document behind a link, as the browser would, and looks at what it says of itself. */
async function document(page, name) {
  const href = await page.getByRole("link", { name, exact: true }).getAttribute("href");
  const answer = await page.context().request.get(href);
  assert.equal(answer.status(), 200);
  assert.equal(answer.headers()["cache-control"], "no-store");
  const text = (await answer.body()).toString("latin1");
  for (const mark of ["%PDF-1.7", "/StructTreeRoot", "/MarkInfo", "pdfuaid"]) assert.ok(text.includes(mark), mark);
}
