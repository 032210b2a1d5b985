// Somebody finds out what it is about, finds help, offers help, learns, tells a story, and leaves in a hurry.

import assert from "node:assert/strict";
import { test } from "node:test";
import { closed, visitor } from "../help/browser.js";
import { MANNERS } from "../help/manners.js";
import { KeyboardPerson, Person } from "../help/person.js";
import { command } from "../help/product.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

/** Where the way out leads. No test goes there: the line is cut first. */
const HARMLESS = "https://www.bbc.co.uk/weather";

/** What the team wrote, as English and Welsh readers see it. */
const WORDS = {
  en: { story: "What happened?", safe: "How could a public service have reached you safely?", leeds: "In Leeds", cardiff: "Cardiff" },
  cy: { story: "Beth ddigwyddodd?", safe: "Sut gallai gwasanaeth cyhoeddus fod wedi eich cyrraedd yn ddiogel?", leeds: "Yn Leeds", cardiff: "Caerdydd" },
};

journeys("support", { concurrency: 1 }, () => {
  for (const [manner, { Kind = Person, language = "en", options, look }] of Object.entries(MANNERS)) {
    const begin = async () => {
      const { page, leave } = await visitor(world, options);
      const base = `${language === "cy" ? "/cy" : ""}${world.base}`;
      return { page, leave, base, person: new Kind(page, language, look), t: (key, variables) => say(language, key, variables) };
    };

    test(`before somebody starts (${manner})`, async () => {
      const { page, leave, base, person, t } = await begin();
      await person.goTo(`${base}/calls/access-and-skills`);
      await person.press(t("call-before"));
      for (const said of ["18001 0808 157 0191", t("release-use-only"), t("before-optional")]) {
        assert.ok((await person.text()).includes(said), said);
      }
      await person.press(t("before-questionnaire-easy"));
      await person.press(t("full-words"));
      assert.equal(await page.locator(".fm-questions > li").count(), 8);
      await person.goTo(`${base}/calls/access-and-skills/before`);
      await person.press(t("nav-give"));
      assert.ok(await page.getByRole("textbox").isVisible(), "the first question is there");
      await leave();
    });

    test(`learning (${manner})`, async () => {
      const { page, leave, base, person } = await begin();
      await person.goTo(`${base}/learn`);
      const lessons = await page.locator(".fm-tasks a").count();
      await person.goTo(await page.locator(".fm-tasks a").first().getAttribute("href"));
      let read = 1;
      for (; await page.locator("a[rel=next]").count(); read += 1) {
        await person.goTo(await page.locator("a[rel=next]").getAttribute("href"));
      }
      assert.equal(read, lessons, "one leads to the next, to the last");
      await leave();
    });

    test(`help is found, offered and taken back (${manner})`, async () => {
      const { page, leave, base, person, t } = await begin();
      const words = WORDS[language];
      const name = `Ada Tully (${manner})`;
      await person.goTo(`${base}/help`);
      await person.write(t("help-near"), "leeds");
      await person.press(t("find-button"));
      assert.ok((await person.text()).includes(words.leeds));
      assert.ok((await person.text()).includes("Harehills Reading Room"));

      await person.write(t("offer-name"), name);
      await person.write(t("offer-place"), words.cardiff);
      await person.write(t("offer-contact"), "ada@example.org");
      const refused = await person.press(t("offer-button"));
      assert.equal(refused.status(), 422);
      assert.equal(await page.getByLabel(t("offer-name"), { exact: true }).inputValue(), name, "what was typed stands");
      const box = page.locator("form#page").getByLabel(t("help-kind-home"), { exact: true });
      if (Kind === KeyboardPerson) {
        await person.reach(box);
        await page.keyboard.press("Space");
      } else {
        await box.check();
      }
      await person.choose(t("offer-consent"));
      await person.press(t("offer-button"));
      assert.equal(await person.heading(), t("offered"));
      const reference = (await page.locator(".fm-receipt__ref").innerText()).trim();
      const code = await page.locator(".fm-words li").allInnerTexts();
      await command(world.product, "help-offer show", reference);
      await person.goTo(`${base}/help?place=W06000015`);
      assert.ok((await person.text()).includes(name) && !(await person.text()).includes("ada@example.org"));

      await person.press(t("offer-withdraw"));
      await person.write(t("receipt-form-label"), code.join(" "));
      await person.press(t("offer-withdraw-button"));
      assert.equal(await person.heading(), t("offer-withdrawn"));
      await person.goTo(`${base}/help?place=W06000015`);
      assert.ok(!(await person.text()).includes(name));
      await leave();
    });

    test(`a story (${manner})`, async () => {
      const { page, leave, base, person, t } = await begin();
      const words = WORDS[language];
      await person.goTo(`${base}/calls/your-story`);
      await person.press(t("story-start"));
      assert.equal(await person.heading(), words.story);
      assert.equal(await page.title(), t("harmless-question", { number: "1" }), "the title says nothing");
      await person.write(words.story, "He read my letters.");
      await person.press(t("continue"));
      assert.equal(await person.heading(), words.safe);
      assert.ok((await person.text()).includes(t("story-question-of", { number: "1", of: "3" })));
      await person.press(t("skip"));
      await person.press(t("skip"));
      await person.press(t("skip"));
      await person.press(t("continue"));
      await person.choose(t("release-use-only"));
      await person.press(t("continue"));
      assert.ok((await person.text()).includes("He read my letters."));
      await person.press(t("continue"));
      await person.press(t("about-you-silent"));
      assert.equal(await page.locator(".fm-receipt__ref").count(), 1);
      await leave();
    });
  }

  for (const [how, act] of Object.entries({
    "by the button": (page) => page.locator("[data-fm-exit]").click(),
    "by Shift, three times": async (page) => {
      for (let press = 0; press < 3; press += 1) await page.keyboard.press("Shift");
    },
  })) {
    test(`leaving at once, ${how}`, async () => {
      const { page, asked, close } = await hurried({});
      await page.goto(`${world.base}/calls`);
      await page.goto(`${world.base}/calls/your-story`);
      await page.goto(`${world.base}/calls/your-story/before`);
      const before = await page.evaluate(() => history.length);
      await act(page);
      await page.waitForURL(HARMLESS);
      assert.deepEqual(asked, [{ url: HARMLESS, referer: undefined }], "nothing tells where somebody came from");
      assert.equal(await page.evaluate(() => history.length), before, "it takes the place of the page");
      await page.goBack();
      assert.ok(!page.url().endsWith("/before"), page.url());
      await close();
    });
  }

  test("the page is blank before the other one has come", async () => {
    const { page, close } = await hurried({ silent: true });
    await page.goto(`${world.base}/calls/your-story`);
    const left = await page.evaluate(() => {
      document.querySelector("[data-fm-exit]").click();
      return [document.body, document.title];
    });
    assert.deepEqual(left, [null, ""]);
    await close();
  });

  test("other keys between them do not count, so that capital letters can be written", async () => {
    const { page, asked, close } = await hurried({});
    await page.goto(`${world.base}/calls/your-story/before`);
    for (const key of ["Shift", "Shift", "a", "Shift", "Shift", "b"]) await page.keyboard.press(key);
    await page.waitForTimeout(200);
    assert.deepEqual(asked, []);
    await close();
  });

  test("leaving without JavaScript, and the way out stays in reach", async () => {
    const { page, asked, close } = await hurried({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
    await page.goto(`${world.base}/calls/your-story/before`);
    await page.locator("footer").scrollIntoViewIfNeeded();
    const box = await page.locator("[data-fm-exit]").boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 640, "it can be seen from the foot of the page");
    await page.locator("[data-fm-exit]").click();
    await page.waitForURL(HARMLESS);
    assert.deepEqual(asked, [{ url: HARMLESS, referer: undefined }]);
    await close();
  });
});

/** A visitor who leaves for another site, which answers for itself here, or is silent. */
async function hurried({ silent = false, ...options }) {
  const context = await world.browser.newContext({ baseURL: world.address, ...options });
  const asked = [];
  await context.route(`${HARMLESS}**`, (route) => {
    asked.push({ url: route.request().url(), referer: route.request().headers().referer });
    return silent ? undefined : route.fulfill({ contentType: "text/html", body: "<title>Weather</title>Rain" });
  });
  return { page: await context.newPage(), asked, close: () => closed(context) };
}
