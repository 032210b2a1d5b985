// Documents and pictures as evidence: chosen, refused in plain words, described, taken away again, sent and read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { NOTE, PICTURE, PROGRAM } from "../help/files.js";
import { MANNERS } from "../help/manners.js";
import { Person } from "../help/person.js";
import { command } from "../help/product.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

const CALL = "/calls/front-line";

journeys("files", {}, () => {
  for (const [manner, { Kind = Person, language = "en", options, look }] of Object.entries(MANNERS)) {
    test(manner, async () => {
      const { page, leave } = await visitor(world, options);
      const person = new Kind(page, language, look);
      const review = `${language === "cy" ? "/cy" : ""}${world.base}`;
      const base = `${review}${CALL}`;
      await person.goTo(base);
      await person.press(say(language, "nav-give"));
      await chooseWrongly(person, base);
      await addAndDescribe(person, base);
      await takeAway(person, base);
      await sendAndRead(person, review, base);
      await leave();
    });
  }
});

/** Nothing, and a program under another name: both are explained, and nothing is lost. */
async function chooseWrongly(person, base) {
  const t = (key, variables) => say(person.language, key, variables);
  await person.goTo(`${base}/answer/papers`);
  assert.equal((await person.press(t("file-upload"))).status(), 422);
  assert.ok((await person.text()).includes(t("mistake-file-missing")));
  await person.page.locator("#file").setInputFiles([PROGRAM, NOTE]);
  assert.equal((await person.press(t("file-upload"))).status(), 422);
  const said = await person.text();
  assert.ok(said.includes("run.exe:") && said.includes(t("unfit-program")), said);
  assert.ok(said.includes(NOTE.name), "the other one is taken");
}

/** A picture that is chosen comes with Continue, too, and what is said of each is kept. */
async function addAndDescribe(person, base) {
  const t = (key, variables) => say(person.language, key, variables);
  await person.write(`${t("file-what")} ${NOTE.name}`, "Minutes in the queue");
  await person.page.locator("#file").setInputFiles([PICTURE]);
  await person.press(t("continue"));
  await person.goTo(`${base}/answer/papers`);
  assert.equal(await person.page.locator("#what-1").inputValue(), "Minutes in the queue");
  await person.write(`${t("file-what")} ${PICTURE.name}`, "The page that stops");
  await person.press(t("questions-link"));
  await person.goTo(`${base}/check`);
  const check = await person.text();
  for (const shown of [NOTE.name, PICTURE.name, "Minutes in the queue", "The page that stops", "(PNG, 1KB)"]) {
    assert.ok(check.includes(shown), `${shown} is not in ${check}`);
  }
}

async function takeAway(person, base) {
  const t = (key) => say(person.language, key);
  await person.goTo(`${base}/answer/papers`);
  await person.press(`${t("file-remove")} ${NOTE.name}`);
  const left = await person.text();
  assert.ok(!left.includes(NOTE.name) && left.includes(PICTURE.name), left);
}

async function sendAndRead(person, review, base) {
  const t = (key) => say(person.language, key);
  await person.goTo(`${base}/release`);
  await person.choose(t("release-unnamed"));
  await person.press(t("continue"));
  await person.goTo(`${base}/about-you`);
  await person.press(t("about-you-silent"));
  const reference = (await person.page.locator(".fm-receipt__ref").innerText()).trim();
  await command(world.product, "publish", reference);
  await person.goTo(`${review}/contributions/${reference}`);
  const link = person.page.getByRole("link", { name: PICTURE.name, exact: true });
  const given = await person.page.request.get(await link.getAttribute("href"));
  assert.equal(given.headers()["content-type"], "image/png");
  assert.deepEqual(await given.body(), PICTURE.buffer);
  assert.ok((await person.text()).includes("The page that stops"));
}
