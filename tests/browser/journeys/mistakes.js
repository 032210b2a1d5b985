// What goes wrong for people, and how the pages help them out of it: nothing that they typed is lost, and each page says
// what happened and what to do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arriving, visitor } from "../help/browser.js";
import { Person } from "../help/person.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

const ACCESS = "/calls/access-and-skills";
const CLOSED = "/calls/what-it-costs";
const COMING = "/calls/local-and-national";

/** A question, what is typed into it, and what is said about that. */
const WRONG = {
  en: [
    ["answer/barriers", { "What stops you, or people you know, from using public services online?": "y".repeat(4_010) },
      ["Shorten this by 10 characters"]],
    ["answer/miles", { "How far is the nearest place where a person could help you face to face?": "a long way" },
      ["Write a number, for example 12 or 3.5"]],
    ["answer/miles", { "How far is the nearest place where a person could help you face to face?": "201" },
      ["Write a number between 0 and 200"]],
    ["answer/story", { "Which service?": "Bus passes" },
      ["Choose what it shows: it works, it failed, or some of both", "Say what happened"]],
    ["answer/difference", { "What one thing would have made the difference?": "z".repeat(301) },
      ["Shorten this by 1 character"]],
    ["who", { "Your name": "Elin", "How many members does it speak for?": "some" },
      ["Write the number of members as a whole number, for example 1,200"]],
    ["release", {}, ["Choose what we may do with your evidence"]],
  ],
  cy: [
    ["answer/miles", { "Pa mor bell yw'r lle agosaf y gallai rhywun eich helpu wyneb yn wyneb?": "pell" },
      ["Ysgrifennwch rif, er enghraifft 12 neu 3.5"]],
    ["answer/story", { "Pa wasanaeth?": "Tocynnau bws" },
      ["Dewiswch beth mae’n ei ddangos: mae’n gweithio, mae wedi methu, neu rywfaint o’r ddau",
        "Dywedwch beth ddigwyddodd"]],
    ["release", {}, ["Dewiswch beth gawn ni ei wneud â’ch tystiolaeth"]],
  ],
};

/** Values that no page offers, as only a program sends them. */
const FORGED = [
  ["answer/device", { answer: "carrier-pigeon" }, "Choose one of the answers"],
  ["answer/device", { answer: "other", other: "" }, "Say in your own words what you mean by “Something else”"],
  ["answer/help", { answer: "everybody" }, "Choose one of the answers"],
  ["answer/confidence", { answer: "6" }, "Choose one of the answers"],
  ["answer/offline", { answer: "perhaps" }, "Choose one of the answers"],
  ["answer/story", { verdict: "superb", happened: "It did." }, "Choose one of the answers"],
  ["answer/barriers", { answer: "A bell \u0007 rings" }, "Take out the characters that cannot be shown"],
  ["who", { kind: "monarch" }, "Choose one of the answers"],
  ["who", { name: "n".repeat(300) }, "Shorten this by"],
  ["release", { release: "sealed" }, "Choose what we may do with your evidence"],
];

journeys("when something goes wrong", {}, () => {
  for (const [language, cases] of Object.entries(WRONG)) {
    for (const javaScriptEnabled of [true, false]) {
      const script = javaScriptEnabled ? "with" : "without";
      test(`what is wrong is said at the top and beside the field, ${script} JavaScript (${language})`, async () => {
        const { page, leave } = await visitor(world, { javaScriptEnabled });
        const person = new Person(page, language);
        const base = await begin(person, ACCESS);
        for (const [path, typed, mistakes] of cases) {
          await mistaken(person, `${base}/${path}`, typed, mistakes, javaScriptEnabled);
        }
        await leave();
      });
    }
  }

  test("values that the page does not offer are refused", async () => {
    const { page, leave } = await visitor(world);
    const base = await begin(new Person(page, "en"), ACCESS);
    const csrf = await page.locator("input[name=csrf]").getAttribute("value");
    for (const [path, fields, said] of FORGED) {
      const form = { csrf, ...fields };
      const answer = await page.request.post(`${base}/${path}`, { form });
      assert.equal(answer.status(), 422, path);
      assert.ok((await answer.text()).includes(said), `${path} says: ${said}`);
    }
    await leave();
  });

  test("nothing can be sent that has nothing in it", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    const base = await begin(person, ACCESS);
    await person.goTo(`${base}/check`);
    assert.ok((await person.text()).includes("Before you can send it"));
    await person.press("Send my evidence");
    assert.match(await page.title(), /^Error: /);
    await person.press("Say what we may do with your evidence");
    await person.choose("Use it, but do not publish it");
    await person.press("Continue");
    await person.press("Send my evidence");
    await person.press("Answer at least one question");
    assert.equal(await page.getByRole("textbox").count(), 1);
    await leave();
  });

  test("an answer without a draft is not lost", async () => {
    const { page, context, leave } = await visitor(world);
    const person = new Person(page, "en");
    const base = await begin(person, ACCESS);
    await context.clearCookies();
    await page.getByRole("textbox").fill("Written while the draft was away");
    const answer = await person.press("Continue");
    assert.equal(answer.status(), 404);
    assert.equal(await person.heading(), "Your draft is not here");
    assert.equal(await page.getByLabel("Text 1").inputValue(), "Written while the draft was away");
    await person.press("Open it with your eight words");
    assert.equal(new URL(page.url()).pathname, `${world.base}/receipt`);
    for (const path of ["check", "who", "about-you", "questions", "later", "release", "answer/miles", "delete"]) {
      assert.equal((await page.request.get(`${base}/${path}`)).status(), 404, path);
    }
    await leave();
  });

  test("the cookie of a draft that never was opens nothing", async () => {
    const { page, context, leave } = await visitor(world);
    const person = new Person(page, "en");
    await begin(person, ACCESS);
    const [cookie] = await context.cookies();
    const swapped = [...cookie.value].reverse().join("");
    await context.addCookies([{ ...cookie, value: swapped }]);
    const answer = await person.goTo(`${world.base}${ACCESS}/check`);
    assert.equal(answer.status(), 404);
    await leave();
  });

  test("a form without its token is refused, and what was typed is shown", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    const base = await begin(person, ACCESS);
    await page.locator("main input[name=csrf]").evaluate((field) => field.remove());
    await page.getByRole("textbox").fill("Written on an old page");
    const answer = await person.press("Continue");
    assert.equal(answer.status(), 403);
    assert.equal(await person.heading(), "We could not be sure that this came from you");
    assert.equal(await page.getByLabel("Text 1").inputValue(), "Written on an old page");
    await person.goTo(`${base}/answer/barriers`);
    assert.equal(await page.getByRole("textbox").inputValue(), "", "and nothing was saved");
    const elsewhere = await page.request.post(`${base}/start`, { headers: { origin: "https://elsewhere.example" } });
    assert.equal(elsewhere.status(), 403, "another site begins nothing");
    await leave();
  });

  test("two clicks on Send give one contribution", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, leave } = await visitor(world, { javaScriptEnabled });
      const person = new Person(page, "en");
      const base = await begin(person, ACCESS);
      await page.getByRole("textbox").fill("Only once, please");
      await person.press("Continue");
      await person.goTo(`${base}/release`);
      await person.choose("Use it, but do not publish it");
      await person.press("Continue");
      const before = await received(page);
      await person.press("Continue");
      const csrf = await page.locator("main input[name=csrf]").first().getAttribute("value");
      const draft = await page.locator("main input[name=draft]").first().getAttribute("value");
      await arriving(page, () => page.getByRole("button", { name: "Send my evidence" }).dblclick({ noWaitAfter: true }));
      await page.getByRole("heading", { name: "Thank you. You have been counted." }).waitFor();
      // Even a browser that sends the form once more finds nothing left to send.
      const again = await page.request.post(`${base}/send`, { form: { csrf, draft } });
      assert.equal(again.status(), 200);
      assert.match(again.url(), /\/receipt$/);
      const reference = (await page.locator(".fm-receipt__ref").innerText()).trim();
      assert.ok((await again.text()).includes(reference), "it is the same receipt");
      await onceMore(page, before + 1);
      await leave();
    }
  });

  test("a receipt opens with its own words only", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    for (const [typed, said] of [
      ["", "Write your eight words"],
      ["abandon ability", "A receipt has eight words, and you wrote 2"],
      ["abandon ability able about above absent absorb abstratc", "Did you mean “abstract”?"],
      ["abandon ability able about above absent absorb xylophone", "“xylophone” is not a word of any receipt"],
      ["abandon ability able about above absent absorb abstract", "Nothing in this review has these words"],
    ]) {
      await person.goTo(`${world.base}/receipt`);
      await person.write("Your eight words", typed);
      const answer = await person.press("Open");
      assert.equal(answer.status(), 422);
      assert.match(await page.title(), /^Error: /);
      assert.ok((await person.text()).includes(said), `“${typed}” is answered: ${said}`);
      await page.getByRole("alert").getByRole("link").click();
      assert.ok(await page.getByLabel("Your eight words").evaluate((field) => field === document.activeElement));
    }
    for (const path of ["release", "withdraw", "download"]) {
      const answer = await person.goTo(`${world.base}/receipt/${path}`);
      assert.equal(answer.status(), 404);
      assert.equal(await person.heading(), "No receipt is open on this device");
    }
    await leave();
  });

  test("calls that have closed or not yet opened say so, and take nothing", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    for (const [call, said] of [[CLOSED, "This call has closed"], [COMING, "This call has not opened yet"]]) {
      await person.goTo(`${world.base}${call}`);
      assert.ok((await person.text()).includes(said));
      assert.equal(await page.getByRole("button", { name: "Give evidence" }).count(), 0);
      const answer = await page.request.post(`${world.base}${call}/start`);
      assert.ok((await answer.text()).includes(said), "nor does it begin for a program");
      assert.equal((await page.context().cookies()).length, 0);
    }
    await person.goTo(`/cy${world.base}${CLOSED}`);
    assert.ok((await person.text()).includes(say("cy", "call-closed")));
    await person.press(say("cy", "call-closed-read"));
    assert.match(page.url(), /contributions\?call=what-it-costs$/);
    await leave();
  });

  test("an address that leads nowhere says what to do", async () => {
    const { page, leave } = await visitor(world);
    for (const [language, prefix] of [["en", ""], ["cy", "/cy"]]) {
      const person = new Person(page, language);
      for (const path of [`${world.base}/nowhere`, "/r/no-such-review", `${world.base}/calls/nothing`, "/nowhere",
        `${world.base}/contributions/DGR-0000-0000`]) {
        const answer = await person.goTo(`${prefix}${path}`);
        assert.equal(answer.status(), 404, path);
        assert.equal(await person.heading(), say(language, "error-not-found"));
        assert.equal(await page.locator("html").getAttribute("lang"), language);
      }
      await person.goTo(`${prefix}${world.base}/nowhere`);
      await person.press(say(language, "error-home"));
      assert.equal(new URL(page.url()).pathname, `${prefix}${world.base}`);
    }
    const post = await page.request.post(`${world.base}/about`);
    assert.equal(post.status(), 405);
    const noForm = await page.request.post(`${world.base}/receipt`, { data: { code: "abandon" } });
    assert.equal(noForm.status(), 415);
    const problem = await page.request.get(`${world.base}/nowhere`, { headers: { accept: "application/json" } });
    assert.equal(problem.headers()["content-type"], "application/problem+json");
    assert.equal((await problem.json()).status, 404);
    await leave();
  });

  test("a form that is far too long is refused, and the browser keeps what was written", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    await begin(person, ACCESS);
    const long = "long ".repeat(80_000);
    await page.getByRole("textbox").fill(long);
    const answer = await person.press("Continue");
    assert.equal(answer.status(), 413);
    assert.equal(await person.heading(), "That is too much for one page");
    await page.goBack();
    const kept = await page.getByRole("textbox").inputValue();
    assert.ok(kept === long, `of ${long.length} characters, ${kept.length} are still there`);
    await leave();
  });
});

/** Begins to answer a call. Gives back its address. */
async function begin(person, call) {
  const base = `${person.language === "cy" ? "/cy" : ""}${world.base}${call}`;
  await person.goTo(base);
  await person.press(say(person.language, "nav-give"));
  return base;
}

/** Types something wrong, and sees that the page says so as it should. */
async function mistaken(person, address, typed, mistakes, script) {
  const { page, language } = person;
  await person.goTo(address);
  for (const [label, text] of Object.entries(typed)) await person.write(label, text);
  const answer = await person.press(say(language, "continue"));
  assert.equal(answer.status(), 422, address);
  const prefix = say(language, "error-prefix");
  assert.ok((await page.title()).startsWith(`${prefix} `), `the title begins with ${prefix}: ${await page.title()}`);
  for (const [label, text] of Object.entries(typed)) {
    assert.equal(await page.getByLabel(label, { exact: true }).inputValue(), text, "what was typed is kept");
  }

  const summary = page.locator(".govuk-error-summary");
  assert.equal(await summary.getByRole("heading").innerText(), say(language, "mistake-heading"));
  if (script) assert.ok(await summary.evaluate((box) => box === document.activeElement), "the summary has the focus");
  assert.deepEqual(await summary.getByRole("link").allInnerTexts(), mistakes);
  for (const mistake of mistakes) {
    await summary.getByRole("link", { name: mistake, exact: true }).click();
    const target = await page.evaluate(() => {
      const to = document.querySelector(":target") ?? document.activeElement;
      const ids = (to.closest("[aria-describedby]")?.getAttribute("aria-describedby") ?? "").split(" ");
      const group = to.closest("fieldset")?.getAttribute("aria-describedby")?.split(" ") ?? [];
      const described = [...ids, ...group].map((id) => document.getElementById(id)?.textContent ?? "");
      return { focused: to === document.activeElement, described: described.join(" ") };
    });
    assert.ok(target.focused, `the link to “${mistake}” leads to its field`);
    assert.ok(target.described.includes(mistake), `and the field says so itself: ${target.described}`);
  }
}

/** How many contributions the first page counts. */
async function received(page) {
  const home = await (await page.request.get(world.base)).text();
  return Number(/<strong>([\d,]+)<\/strong> contributions? received/.exec(home)[1].replace(",", ""));
}

/** Waits until the first page counts `expected` contributions: it may be a second behind, but never counts more. */
async function onceMore(page, expected) {
  const until = Date.now() + 10_000;
  let count = await received(page);
  while (count < expected && Date.now() < until) count = await received(page);
  assert.equal(count, expected);
}
