// Somebody prints what they are about to send, and their receipt: a document that people and programs can read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { Person } from "../help/person.js";
import { journeys, world } from "../help/world.js";

journeys("printing", {}, () => {
  test("the last look and the receipt are documents with a title and tags", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    const call = `${world.base}/calls/access-and-skills`;
    await person.goTo(call);
    await person.press("Give evidence");
    await page.getByRole("textbox").fill("To be printed.\n".repeat(120));
    await person.press("Continue");
    await person.goTo(`${call}/release`);
    await person.choose("Use it, but do not publish it");
    await person.press("Continue");
    await printed(page, ["To be printed.", "Use it, but do not publish it"]);
    await person.press("Continue");
    await person.press("Send my evidence");
    const words = await page.locator(".fm-words li").allInnerTexts();
    await printed(page, words);
    await person.press("A letter to keep");
    await printed(page, [...words, "How to see what becomes of it"]);
    await person.press("Your receipt");
    await person.press("What I said, to print");
    await printed(page, ["To be printed.", "What you told the review"]);
    await leave();
  });
});

/** Prints the page, and looks at what comes out. */
async function printed(page, texts) {
  await page.emulateMedia({ media: "print" });
  const shown = await page.locator("body").innerText();
  for (const text of texts) assert.ok(shown.includes(text), `${text} is printed`);
  for (const name of ["Cymraeg", "Send my evidence", "Print this page", "Skip to main content"]) {
    assert.ok(!shown.includes(name), `${name} is of no use on paper`);
  }
  const empty = await page.evaluate(() =>
    [...document.querySelectorAll("main h2")]
      .filter((heading) => heading.checkVisibility())
      .filter(({ nextElementSibling: next }) => !next?.checkVisibility() || next.matches("h2"))
      .map((heading) => heading.innerText),
  );
  assert.deepEqual(empty, [], "no heading stands on paper with nothing under it");
  const document = (await page.pdf({ tagged: true, outline: true, format: "A4" })).toString("latin1");
  assert.match(document, /\/Marked true/, "it says that it has tags");
  for (const tag of ["/StructTreeRoot", "/S /H1", "/S /P"]) assert.ok(document.includes(tag), `it has ${tag}`);
  assert.match(document, /\/Lang \(en/, "it says its language");
  assert.match(document, /\/Title /, "it has a title");
  await page.emulateMedia({ media: null });
}
