// Somebody gives evidence and keeps hold of it: from the first page to the receipt, and back to the receipt to change
// their mind. The same story, for people who use the pages in very different ways.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { fits, fitsWithWideText, isStill, isWelsh, verdictsHaveShapes } from "../help/look.js";
import { KeyboardPerson, Person } from "../help/person.js";
import { command } from "../help/product.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

/** The call with nearly every kind of question, as English and Welsh readers see it. */
const CALL = { id: "access-and-skills", en: "Access and skills", cy: "Mynediad a sgiliau" };

const QUESTIONS = {
  barriers: {
    en: "What stops you, or people you know, from using public services online?",
    cy: "Beth sy'n eich rhwystro chi, neu bobl yr ydych yn eu hadnabod, rhag defnyddio gwasanaethau cyhoeddus ar-lein?",
  },
  device: { en: "What do you use most to go online?", cy: "Beth ydych chi'n ei ddefnyddio fwyaf i fynd ar-lein?" },
  help: {
    en: "Who has helped you with a public service online?",
    cy: "Pwy sydd wedi eich helpu gyda gwasanaeth cyhoeddus ar-lein?",
  },
  confidence: {
    en: "I can do what I need to do with public services online, without help.",
    cy: "Gallaf wneud yr hyn y mae angen i mi ei wneud gyda gwasanaethau cyhoeddus ar-lein, heb gymorth.",
  },
  miles: {
    en: "How far is the nearest place where a person could help you face to face?",
    cy: "Pa mor bell yw'r lle agosaf y gallai rhywun eich helpu wyneb yn wyneb?",
  },
  offline: {
    en: "Should every public service keep a way of using it that is not online?",
    cy: "A ddylai pob gwasanaeth cyhoeddus gadw ffordd o'i ddefnyddio nad yw ar-lein?",
  },
  story: {
    en: "Tell us about one service that was easy to use, or impossible.",
    cy: "Soniwch wrthym am un gwasanaeth a oedd yn hawdd ei ddefnyddio, neu'n amhosibl.",
  },
  difference: {
    en: "What one thing would have made the difference?",
    cy: "Pa un peth fyddai wedi gwneud y gwahaniaeth?",
  },
};

const BUSES = {
  call: { en: "Services made together", cy: "Gwasanaethau a wneir gyda'n gilydd" },
  when: {
    en: "When did a bus or a care visit that you relied on last fail to come?",
    cy: "Pryd y methodd bws neu ymweliad gofal yr oeddech yn dibynnu arno â dod ddiwethaf?",
  },
};

const FAMILY = { en: "Family, friends or neighbours", cy: "Teulu, ffrindiau neu gymdogion" };
const LIBRARY = { en: "A library", cy: "Llyfrgell" };
const TABLET = { en: "A tablet", cy: "Llechen" };
const SMARTPHONE = { en: "A smartphone", cy: "Ffôn clyfar" };

/** Ways in which people use the pages. */
const MANNERS = {
  "with JavaScript": {},
  "without JavaScript": { options: { javaScriptEnabled: false } },
  "with a keyboard alone": { Kind: KeyboardPerson },
  "on a telephone 320 pixels wide": { options: { viewport: { width: 320, height: 640 } }, look: narrow },
  // A window of 1280 × 1024 at 400 % has room for 320 × 256.
  "at a zoom of 400 %": { options: { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }, look: fits },
  "in Welsh": { language: "cy", options: { locale: "cy-GB" }, look: isWelsh },
  "in forced colours and without motion": {
    options: { forcedColors: "active", reducedMotion: "reduce" },
    look: async (page) => {
      await isStill(page);
      await verdictsHaveShapes(page);
    },
  },
};

async function narrow(page) {
  await fits(page);
  await fitsWithWideText(page);
}

journeys("giving evidence", { concurrency: 2 }, () => {
  for (const [manner, { Kind = Person, language = "en", options, look }] of Object.entries(MANNERS)) {
    test(manner, async () => {
      const { page, leave } = await visitor(world, options);
      const person = new Kind(page, language, look);
      const reference = await give(person);
      await keepHold(person, reference);
      await leave();
    });
  }
});

journeys("giving evidence, and what else may happen", { concurrency: 2 }, () => {
  test("a date, and a question skipped", async () => {
    for (const language of ["en", "cy"]) {
      const { page, leave } = await visitor(world);
      await giveDate(new Person(page, language));
      await leave();
    }
  });

  test("the language is changed in the midst of a question, and nothing typed is lost", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, leave } = await visitor(world, { javaScriptEnabled });
      await changeLanguage(new Person(page, "en"), page);
      await leave();
    }
  });

  test("the skip link leads past the navigation", async () => {
    const { page, leave } = await visitor(world);
    const person = new KeyboardPerson(page, "en");
    await person.goTo(`${world.base}/calls`);
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to main content" });
    assert.ok(await skip.evaluate((link) => link === document.activeElement), "it is the first stop");
    const box = await skip.boundingBox();
    assert.ok(box.width > 100 && box.y >= 0, "and can be seen when it has the focus");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    const within = await page.evaluate(() => document.querySelector("main").contains(document.activeElement));
    assert.ok(within, "the next stop is in the page itself");
    await leave();
  });

  test("what was published is read by everybody, until its author says otherwise", async () => {
    const { page, leave } = await visitor(world);
    await publishAndTakeBack(new Person(page, "en"));
    await leave();
  });
});

/** From the first page to the receipt. Gives back the reference. */
async function give(person) {
  const { page, language } = person;
  const t = (key, variables) => say(language, key, variables);
  await person.goTo(language === "cy" ? `/cy${world.base}` : world.base);
  await person.press(CALL[language]);
  assert.equal(await person.heading(), CALL[language]);
  assert.ok((await person.text()).includes(QUESTIONS.barriers[language]), "the questions can be read before");
  await person.press(t("nav-give"));

  const asked = async (id, number) => {
    assert.equal(await person.heading(), QUESTIONS[id][language]);
    assert.ok((await person.text()).includes(t("question-of", { number, of: 8 })));
  };

  await asked("barriers", 1);
  const story = "The library closed, and the form\nwants a telephone that gets codes.";
  await person.write(QUESTIONS.barriers[language], story);
  await person.press(t("continue"));

  await asked("device", 2);
  await person.choose(SMARTPHONE[language]);
  await person.press(t("continue"));

  await asked("help", 3);
  await person.choose(FAMILY[language]);
  await person.choose(LIBRARY[language]);
  await person.choose(t("other"));
  await person.write(t("other-words"), "The woman at the chip shop");
  await person.press(t("continue"));

  await asked("confidence", 4);
  await person.press(t("back"));
  await asked("help", 3);
  assert.equal(await page.getByLabel(t("other-words")).inputValue(), "The woman at the chip shop");
  await person.press(t("back"));
  await asked("device", 2);
  assert.ok(await page.getByLabel(SMARTPHONE[language]).isChecked(), "what was saved is there again");
  await person.choose(TABLET[language]);
  await person.press(t("continue"));
  await person.press(t("continue"));
  await person.choose(t("scale-2"));
  await person.press(t("continue"));

  await asked("miles", 5);
  await person.write(QUESTIONS.miles[language], "3.5");
  await person.press(t("continue"));

  await asked("offline", 6);
  await person.choose(t("yes-no-unsure-yes"));
  await person.press(t("continue"));

  await asked("story", 7);
  await person.write(t("example-ask-service"), "Bus passes");
  await person.write(t("example-ask-place"), "Anytown");
  await person.choose(t("verdict-ask-failed"));
  await person.write(t("example-happened"), "It asked for a passport that has run out.");
  await person.choose(t("example-ask-model"));
  await person.press(t("continue"));

  await asked("difference", 8);
  // The return key does what Continue does; above all it does not change the language.
  await person.write(QUESTIONS.difference[language], "A person to ring");
  await person.arrive(() => page.keyboard.press("Enter"));

  assert.equal(await person.heading(), t("who"));
  await person.choose(t("kind-ask-charity"));
  await person.write(t("who-name"), "Elin Vaughan-Tait");
  await person.write(t("who-organisation"), "Anytown Lunch Club");
  await person.write(t("who-members"), "1,240");
  await person.press(t("continue"));

  assert.equal(await person.heading(), t("release-heading"));
  assert.ok((await person.text()).includes(t("foi-text")), "it says what cannot be promised");
  if (language === "en") assert.match(await person.text(), /Freedom of Information Act/);
  await person.choose(t("release-public"));
  await person.press(t("continue"));

  await checkAndChange(person);
  await person.press(t("continue"));
  assert.equal(await person.heading(), t("about-you"));
  assert.ok((await person.text()).includes(t("about-you-apart")), "it says what becomes of it");
  await person.choose(language === "cy" ? "35 i 44" : "35 to 44");
  await person.press(t("send"));
  return receive(person);
}

/** The last look before sending: everything stands there, and can be changed. */
async function checkAndChange(person) {
  const { page, language } = person;
  const t = (key, variables) => say(language, key, variables);
  assert.equal(await person.heading(), t("check-heading"));
  assert.ok((await person.text()).includes(t("check-text")), "it says that nothing has been sent");
  const answer = (title) =>
    page.locator(".govuk-summary-list__row", { has: page.getByText(title, { exact: true }) }).locator("dd").first();
  const shows = async (id, ...texts) => {
    const shown = await answer(QUESTIONS[id][language]).innerText();
    for (const text of texts) assert.ok(shown.includes(text), `${id} shows ${text}: ${shown}`);
  };
  await shows("barriers", "The library closed", "wants a telephone that gets codes.");
  await shows("device", TABLET[language]);
  await shows("help", FAMILY[language], LIBRARY[language], "The woman at the chip shop");
  await shows("confidence", t("scale-2"));
  await shows("miles", language === "cy" ? "3.5 milltir" : "3.5 miles");
  await shows("offline", t("yes-no-unsure-yes"));
  await shows("story", "Bus passes", "Anytown", t("verdict-ask-failed"), "passport", t("example-model-said"));
  await shows("difference", "A person to ring");
  const who = await answer(t("who")).innerText();
  for (const text of ["Elin Vaughan-Tait", "Anytown Lunch Club", "1,240"]) assert.ok(who.includes(text), who);
  assert.ok((await answer(t("release-heading")).innerText()).includes(t("release-public")));

  await person.press(new RegExp(`^${t("change")}\\W+${QUESTIONS.miles[language].replace("?", "\\?")}$`));
  assert.equal(await page.getByLabel(QUESTIONS.miles[language]).inputValue(), "3.5");
  await person.write(QUESTIONS.miles[language], "4");
  await person.press(t("continue"));
  assert.equal(await person.heading(), t("check-heading"), "a change leads back to the last look");
  await shows("miles", language === "cy" ? "4 milltir" : "4 miles");
}

/** The receipt that follows. Gives back the reference, and remembers the words. */
async function receive(person) {
  const { page, language } = person;
  assert.equal(await person.heading(), say(language, "receipt-heading"));
  if (language === "en") assert.equal(await person.heading(), "Thank you. You have been counted.");
  const reference = (await page.locator(".fm-receipt__ref").innerText()).trim();
  assert.match(reference, /^DGR-[0-9A-Z]+(-[0-9A-Z]+)*$/);
  person.receiptWords = await page.locator(".fm-words li").allInnerTexts();
  assert.equal(person.receiptWords.length, 8);
  for (const word of person.receiptWords) assert.match(word, /^[a-z]{3,8}$/);
  return reference;
}

/** Closing the receipt, finding it again by its words, changing one's mind, taking home a copy, and withdrawing. */
async function keepHold(person, reference) {
  const { page, language } = person;
  const t = (key, variables) => say(language, key, variables);
  const words = person.receiptWords;
  await person.press(t("receipt-close"));
  await person.press(t("receipt-link"));
  assert.equal(await person.heading(), t("receipt-form-heading"));

  const long = words.reduce((longest, word) => (word.length > longest.length ? word : longest));
  const slip = `${long}q`;
  const typed = words.map((word) => (word === long ? slip : word)).join(" ");
  await person.write(t("receipt-form-label"), typed);
  const refused = await person.press(t("receipt-form-button"));
  assert.equal(refused.status(), 422);
  const meant = t("mistake-word-meant", { word: slip, meant: long });
  assert.ok((await person.text()).includes(meant), `it says: ${meant}`);
  assert.equal((await page.getByLabel(t("receipt-form-label")).inputValue()).trim(), typed, "what was typed is kept");

  await person.write(t("receipt-form-label"), words.join(" ").toUpperCase());
  await person.press(t("receipt-form-button"));
  assert.equal(await person.heading(), t("receipt-heading"));
  assert.ok((await person.text()).includes(reference));
  assert.ok((await person.text()).includes(t("step-sent")));

  await person.press(t("receipt-change-release"));
  await person.choose(t("release-use-only"));
  await person.press(t("release-change"));
  assert.ok((await person.text()).includes(t("release-use-only")));
  assert.ok((await person.text()).includes(t("step-release")));

  await download(person, reference);

  await person.press(t("receipt-withdraw"));
  assert.equal(await person.heading(), t("withdraw-heading"));
  await person.press(t("withdraw-button"));
  assert.equal(await person.heading(), t("receipt-withdrawn"));
  assert.ok((await person.text()).includes(t("receipt-withdrawn-text")));
  const asJson = await page.request.get(`${world.base}/receipt/download?format=json`);
  assert.equal((await asJson.json()).state, "withdrawn");
  assert.ok(!(await asJson.text()).includes("passport"), "nothing of what was written is kept");
}

/** The copy to take home has everything, as it was given. */
async function download(person, reference) {
  const { page, language } = person;
  const t = (key) => say(language, key);
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: t("receipt-download-words"), exact: true }).click(),
  ]);
  assert.equal(saved.suggestedFilename(), `${reference}-with-the-eight-words.txt`);
  const text = await read(saved);
  for (const part of [reference, QUESTIONS.story[language], "Elin Vaughan-Tait", "The woman at the chip shop"]) {
    assert.ok(text.includes(part), `the copy has ${part}`);
  }
  const record = await (await page.request.get(`${world.base}/receipt/download?format=json`)).json();
  assert.equal(record.reference, reference);
  assert.equal(record.release, "use-only");
  assert.equal(record.language, language);
  assert.equal(record.channel, "web");
  assert.deepEqual(record.respondent, {
    kind: "charity",
    name: "Elin Vaughan-Tait",
    organisation: "Anytown Lunch Club",
    members: 1240,
  });
  assert.deepEqual(record.answers, {
    barriers: { text: "The library closed, and the form\nwants a telephone that gets codes." },
    device: { choice: { option: "tablet" } },
    help: { choices: [{ option: "family" }, { option: "library" }, { other: "The woman at the chip shop" }] },
    confidence: { scale: 2 },
    miles: { number: 4 },
    offline: { "yes-no-unsure": "yes" },
    story: {
      example: {
        service: "Bus passes",
        place: "Anytown",
        verdict: "failed",
        happened: "It asked for a passport that has run out.",
        model: true,
      },
    },
    difference: { text: "A person to ring" },
  });
}

async function read(saved) {
  const parts = [];
  for await (const part of await saved.createReadStream()) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

async function giveDate(person) {
  const { page, language } = person;
  const t = (key, variables) => say(language, key, variables);
  const base = `${language === "cy" ? "/cy" : ""}${world.base}/calls/services-made-together`;
  await person.goTo(base);
  assert.equal(await person.heading(), BUSES.call[language]);
  await person.press(t("nav-give"));
  for (let skipped = 0; skipped < 3; skipped += 1) await person.press(t("skip"));
  assert.equal(await person.heading(), BUSES.when[language]);
  await person.write(t("date-day"), "29");
  await person.write(t("date-month"), "2");
  await person.write(t("date-year"), "2024");
  await person.press(t("continue"));
  await person.goTo(`${base}/check`);
  assert.ok((await person.text()).includes(language === "cy" ? "29 Chwefror 2024" : "29 February 2024"));
  assert.ok((await person.text()).includes(t("not-answered")), "what was skipped stands there as not answered");

  await person.goTo(base);
  assert.ok((await person.text()).includes(t("draft-begun")), "the draft is found again");
  await person.press(t("draft-delete"));
  await person.press(t("delete-draft-button"));
  assert.equal(await person.heading(), BUSES.call[language]);
  const gone = await person.goTo(`${base}/check`);
  assert.equal(gone.status(), 404);
}

async function changeLanguage(person, page) {
  await person.goTo(`${world.base}/calls/${CALL.id}`);
  await person.press("Give evidence");
  await person.write(QUESTIONS.barriers.en, "Half a sentence, and");
  await person.press("Cymraeg");
  assert.equal(await page.locator("html").getAttribute("lang"), "cy");
  assert.equal(await person.heading(), QUESTIONS.barriers.cy);
  assert.equal(await page.getByLabel(QUESTIONS.barriers.cy).inputValue(), "Half a sentence, and");

  await person.write(QUESTIONS.barriers.cy, "x".repeat(4001));
  await person.press("English");
  assert.equal(await page.locator("html").getAttribute("lang"), "en", "even when it cannot be saved");
  assert.equal((await page.getByLabel(QUESTIONS.barriers.en).inputValue()).length, 4001);

  await person.goTo(`${world.base}/calls/${CALL.id}/who`);
  await person.write("Your name", "Elin");
  await person.press("Cymraeg");
  assert.equal(await person.heading(), "Pwy sy’n siarad");
  assert.equal(await page.getByLabel("Eich enw").inputValue(), "Elin");
}

async function publishAndTakeBack(person) {
  const { page } = person;
  const reference = await give(person);
  const address = `${world.base}/contributions/${reference}`;
  assert.equal((await page.request.get(address)).status(), 404, "nobody reads it before the team has");

  await command(world.product, "publish", reference);
  await person.goTo(address);
  const published = await person.text();
  for (const part of ["Elin Vaughan-Tait", "Anytown Lunch Club", "passport that has run out", "3.5 miles", "4 miles"]) {
    assert.equal(published.includes(part), part !== "3.5 miles", part);
  }
  assert.equal(await verdictsHaveShapes(page), 1);
  await person.goTo(`${world.base}/receipt`);
  assert.ok((await person.text()).includes("It was opened to everybody."));
  await person.press("Read it as others do");
  assert.ok(page.url().endsWith(address));

  const change = async (level) => {
    await person.goTo(`${world.base}/receipt/release`);
    await person.choose(level);
    await person.press("Change it");
  };
  // A choice that was not sent yet outlasts a change of language; going back leaves all as it was.
  await person.goTo(`${world.base}/receipt/release`);
  await person.choose("Publish it without my name");
  await person.press("Cymraeg");
  assert.equal(await page.locator("input[name=release]:checked").inputValue(), "unnamed");
  await person.press("English");
  assert.equal(await page.locator("input[name=release]:checked").inputValue(), "unnamed");
  await person.press("Back");
  assert.ok((await asOthersRead(address)).text.includes("Vaughan-Tait"));
  await change("Publish it without my name");
  const unnamed = await asOthersRead(address);
  assert.ok(unnamed.text.includes("passport that has run out"));
  for (const name of ["Vaughan-Tait", "Anytown Lunch Club"]) assert.ok(!unnamed.html.includes(name), name);

  await person.goTo(`${world.base}/receipt/withdraw`);
  await person.press("Withdraw my evidence");
  const gone = await asOthersRead(address);
  assert.equal(gone.status, 410);
  assert.match(gone.text, /This has been withdrawn/);
  assert.ok(!gone.html.includes("passport"), "nothing of it is left");
  const feed = await (await page.request.get(`${world.base}/contributions.atom`)).text();
  assert.ok(!feed.includes(reference), "nor in the feed");
}

/** The page as somebody sees it who has never been here. */
async function asOthersRead(address) {
  const { page, leave } = await visitor(world);
  const response = await page.goto(address);
  const read = {
    status: response.status(),
    html: await page.content(),
    text: await page.locator("main").innerText(),
  };
  await leave();
  return read;
}
