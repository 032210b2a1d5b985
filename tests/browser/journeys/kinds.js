// Questions that need more than one step or field: a place and a service found by name, options put in order, rows, easy
// words, and a question that only some are asked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { MANNERS } from "../help/manners.js";
import { Person } from "../help/person.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

const CALL = "/calls/data-and-trust";

/** What the team wrote, as English and Welsh readers see it. */
const WORDS = {
  en: {
    where: "Where do you live?",
    note: "local authority, Tyne and Wear, North East, England",
    service: "Which service matters most to you here?",
    alias: "blue b",
    named: "Parking badge for disabled people",
    see: "I can see who looked at my record",
    no: "I can say no",
    sold: "Nothing is sold",
    tax: "The tax office",
    agree: "Agree",
    easy: "Do they keep your information safe?",
    full: "“They look after what they know about me.” Do you agree?",
    told: "Did anybody tell you when the mistake in your record was put right?",
  },
  cy: {
    where: "Ble ydych chi'n byw?",
    note: "awdurdod lleol, Tyne and Wear, Gogledd Ddwyrain, Lloegr",
    service: "Pa wasanaeth sydd bwysicaf i chi yma?",
    alias: "bathodyn g",
    named: "Bathodyn parcio i bobl anabl",
    see: "Gallaf weld pwy edrychodd ar fy nghofnod",
    no: "Gallaf ddweud na",
    sold: "Ni chaiff dim ei werthu",
    tax: "Y swyddfa dreth",
    agree: "Cytuno",
    easy: "A ydynt yn cadw eich gwybodaeth yn ddiogel?",
    full: "“Maent yn gofalu am yr hyn y maent yn ei wybod amdanaf.” Ydych chi'n cytuno?",
    told: "A ddywedodd unrhyw un wrthych pan gafodd y camgymeriad yn eich cofnod ei gywiro?",
  },
};

journeys("kinds of question", {}, () => {
  for (const [manner, { Kind = Person, language = "en", options, look }] of Object.entries(MANNERS)) {
    test(manner, async () => {
      const { page, leave } = await visitor(world, options);
      const person = new Kind(page, language, look);
      const base = `${language === "cy" ? "/cy" : ""}${world.base}${CALL}`;
      await person.goTo(base);
      await person.press(say(language, "nav-give"));
      await findPlace(person, base);
      await findService(person, base);
      await putInOrder(person, base);
      await answerRows(person, base);
      await beAskedOnlyWhatIsNeeded(person, base);
      await leave();
    });
  }
});

/** A few letters could mean two places: one is picked. A smaller place is kept as it is written. */
async function findPlace(person, base) {
  const words = WORDS[person.language];
  const t = (key, variables) => say(person.language, key, variables);
  await person.goTo(`${base}/answer/where`);
  await person.write(words.where, "newc");
  const offered = await person.press(t("continue"));
  assert.equal(offered.status(), 422);
  assert.ok((await person.text()).includes(words.note));
  assert.equal(await person.page.getByLabel(words.where, { exact: true }).inputValue(), "newc", "what was typed stands");
  await person.choose("Newcastle upon Tyne");
  await person.press(t("continue"));
  await person.goTo(`${base}/check`);
  assert.ok((await person.text()).includes(`Newcastle upon Tyne (${words.note})`));

  await person.goTo(`${base}/answer/where?change=1`);
  await person.write(words.where, "Seahouses");
  await person.press(t("continue"));
  assert.equal(await person.heading(), t("check-heading"));
  assert.ok((await person.text()).includes("Seahouses"));
}

/** A service is found by what else people call it. */
async function findService(person, base) {
  const words = WORDS[person.language];
  await person.goTo(`${base}/answer/which-service?change=1`);
  await person.write(words.service, words.alias);
  await person.press(say(person.language, "continue"));
  assert.ok((await person.text()).includes(words.named));
}

/** The same number twice is explained, and nothing is lost; then it is put right. */
async function putInOrder(person, base) {
  const words = WORDS[person.language];
  const t = (key, variables) => say(person.language, key, variables);
  await person.goTo(`${base}/answer/first-things?change=1`);
  await person.pick(words.see, "1");
  await person.pick(words.sold, "1");
  const refused = await person.press(t("continue"));
  assert.equal(refused.status(), 422);
  const said = t("mistake-same-rank", { rank: "1", options: `${words.see} · ${words.sold}` });
  assert.equal((await person.text()).split(said).length, 3, "it is said at the top and beside the question");
  await person.pick(words.sold, "2");
  await person.press(t("continue"));
  const check = await person.text();
  assert.ok(check.includes(`1. ${words.see}`) && check.includes(`2. ${words.sold}`) && !check.includes(words.no));
}

/** Easy words in the midst of a question, and back, without losing anything. */
async function answerRows(person, base) {
  const words = WORDS[person.language];
  const t = (key) => say(person.language, key);
  await person.goTo(`${base}/answer/trust-in?change=1`);
  assert.equal(await person.heading(), words.full);
  const agree = () => person.page.getByRole("group", { name: words.tax, exact: true }).getByLabel(words.agree, { exact: true });
  await agree().check();
  await person.press(t("easy-words"));
  assert.equal(await person.heading(), words.easy);
  assert.ok(await agree().isChecked());
  await person.press(t("full-words"));
  assert.equal(await person.heading(), words.full);
  assert.ok(await agree().isChecked());
  await person.press(t("continue"));
  assert.ok((await person.text()).includes(`${words.tax}: ${words.agree}`));
}

/** A question comes with the answer that makes it necessary, and goes with it. */
async function beAskedOnlyWhatIsNeeded(person, base) {
  const words = WORDS[person.language];
  const t = (key, variables) => say(person.language, key, variables);
  assert.ok(!(await person.text()).includes(words.told));
  await person.goTo(`${base}/answer/put-right?change=1`);
  await person.write(t("date-day"), "3");
  await person.write(t("date-month"), "2");
  await person.write(t("date-year"), "2025");
  await person.press(t("continue"));
  assert.equal(await person.heading(), words.told, "what is asked now follows at once");
  await person.choose(t("yes-no-unsure-no"));
  await person.press(t("continue"));
  assert.ok((await person.text()).includes(words.told));
  await person.goTo(`${base}/answer/put-right?change=1`);
  await person.press(t("clear-answer"));
  await person.goTo(`${base}/check`);
  assert.ok(!(await person.text()).includes(words.told));
}
