// Nobody loses what they typed, whichever way they turn: another language, back, on, away. And whoever goes leaves nothing open.

import assert from "node:assert/strict";
import { test } from "node:test";
import { closed, visitor } from "../help/browser.js";
import { Person } from "../help/person.js";
import { command } from "../help/product.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

const t = (key) => say("en", key);
const ACCESS = "/calls/access-and-skills";
/** Where the way out leads. No test goes there. */
const HARMLESS = "https://www.bbc.co.uk/weather";

journeys("keeping", { concurrency: 1 }, () => {
  for (const javaScriptEnabled of [true, false]) {
    const script = javaScriptEnabled ? "with" : "without";
    const begin = async () => {
      const { page, leave } = await visitor(world, { javaScriptEnabled });
      return { page, leave, person: new Person(page, "en") };
    };

    test(`a change of language keeps what was typed, ${script} JavaScript`, async () => {
      const { page, leave, person } = await begin();
      /** Types into the field of that id, changes the language, and changes it back. */
      const keeps = async (path, id, text) => {
        if (path) await person.goTo(`${world.base}${path}`);
        await page.locator(`#${id}`).fill(text);
        for (const [button, lang] of [["Cymraeg", "cy"], ["English", "en"]]) {
          const answer = await person.press(button);
          assert.equal(answer.status(), 200, `${path} in ${lang}`);
          assert.equal(await page.locator("html").getAttribute("lang"), lang, path);
          assert.equal(await page.locator(`#${id}`).inputValue(), text, `${path} in ${lang}`);
          assert.equal(await page.locator(".govuk-error-summary").count(), 0, "nothing was sent yet");
        }
      };
      await keeps("/receipt", "code", "abandon ability");
      await keeps("/newsletter", "address", "ada@example.net");
      await keeps(`${ACCESS}/helping`, "helper-name", "Mair Canary");

      await person.goTo(`${world.base}${ACCESS}`);
      await person.press(t("nav-give"));
      await keeps(`${ACCESS}/later/mail`, "address", "ada@example.net");
      await page.goto(`${world.base}${ACCESS}/answer/barriers`);
      await page.getByRole("textbox").fill("The queue.");
      await person.press(t("continue"));
      await person.goTo(`${world.base}${ACCESS}/release`);
      await person.choose(t("release-unnamed"));
      await person.press(t("continue"));
      await person.press(t("continue"));
      const chosen = page.locator("form#page input[type=radio]").first();
      await chosen.check({ force: true });
      for (const button of ["Cymraeg", "English"]) {
        await person.press(button);
        assert.ok(await chosen.isChecked(), `about yourself, after ${button}`);
        assert.equal(await page.locator(".govuk-error-summary").count(), 0, "nothing was sent yet");
      }
      await person.press(t("about-you-silent"));
      const reference = (await page.locator(".fm-receipt__ref").innerText()).trim();
      await keeps("/receipt/mail", "address", "ada@example.net");
      await command(world.product, "ask", reference, "Which office was it?");
      await keeps("/receipt", "reply", "The one in Barry.");
      await person.press(t("asked-send"));
      assert.ok((await person.text()).includes("The one in Barry."), "and it can be sent after that");
      await leave();
    });

    test(`Back and Skip save what was typed, ${script} JavaScript`, async () => {
      const { page, leave, person } = await begin();
      await person.goTo(`${world.base}${ACCESS}`);
      await person.press(t("nav-give"));
      await page.getByRole("textbox").fill("Typed, and skipped");
      await person.press(t("skip"));
      assert.ok(page.url().endsWith("/answer/device"), page.url());
      await person.choose("A tablet");
      await person.press(t("back"));
      assert.equal(await page.getByRole("textbox").inputValue(), "Typed, and skipped");
      await person.press(t("continue"));
      assert.ok(await page.getByLabel("A tablet", { exact: true }).isChecked(), "what was chosen before Back is there");
      await person.goTo(`${world.base}${ACCESS}/who`);
      await person.write(t("who-name"), "Ada Tully");
      await person.press(t("back"));
      assert.ok(page.url().endsWith("/answer/difference"), page.url());
      await person.goTo(`${world.base}${ACCESS}/release`);
      await person.press(t("back"));
      assert.equal(await page.getByLabel(t("who-name"), { exact: true }).inputValue(), "Ada Tully");
      // What cannot be saved is said, and then the ways say that they lead away without it.
      await person.goTo(`${world.base}${ACCESS}/answer/miles`);
      await page.getByRole("textbox").fill("far");
      const refused = await person.press(t("skip"));
      assert.equal(refused.status(), 422);
      assert.equal(await page.getByRole("textbox").inputValue(), "far");
      await person.press(t("skip-unsaved"));
      assert.ok(page.url().endsWith("/answer/offline"), page.url());
      // The return key goes on, and neither back nor into another language.
      await person.goTo(`${world.base}${ACCESS}/answer/miles`);
      await page.getByRole("textbox").fill("12");
      await person.arrive(() => page.keyboard.press("Enter"));
      assert.ok(page.url().endsWith("/answer/offline"), page.url());
      await leave();
    });

    test(`closing says that it is closed, ${script} JavaScript`, async () => {
      const { page, leave, person } = await begin();
      await person.goTo(`${world.base}${ACCESS}`);
      await person.press(t("nav-give"));
      await person.goTo(`${world.base}${ACCESS}/later`);
      await person.press(t("receipt-close"));
      assert.ok((await person.text()).includes(t("receipt-closed")));
      assert.equal((await page.request.get(`${world.base}${ACCESS}/questions`)).status(), 404);
      await leave();
    });

    test(`after leaving, nobody finds the story on the device, ${script} JavaScript`, async () => {
      const context = await world.browser.newContext({ baseURL: world.address, javaScriptEnabled });
      const page = await context.newPage();
      const person = new Person(page, "en");
      const story = `${world.base}/calls/your-story`;
      await person.goTo(story);
      for (const said of ["call 999", "0808 157 0999", t("exit-closes")]) {
        assert.ok((await person.text()).includes(said), said);
      }
      await person.press(t("story-start"));
      for (const said of ["call 999", "0808 157 0999", t("exit-closes")]) {
        assert.ok((await person.text()).includes(said), said);
      }
      await page.getByRole("textbox").fill("He read my letters.");
      await person.press(t("continue"));
      await page.goto(`${story}/answer/your-story`);
      assert.equal(await page.getByRole("textbox").inputValue(), "He read my letters.");
      // Nothing answers there but us: what matters is that it is asked for, and with what.
      const away = page.waitForRequest((request) => request.url() === HARMLESS);
      await page.locator("[data-fm-exit]").click({ noWaitAfter: true });
      const request = await away;
      const left = request.redirectedFrom();
      assert.match(left?.url() ?? "", /\/leave\?from=[0-9a-f]+$/);
      assert.equal((await left.response()).headers()["referrer-policy"], "no-referrer", "nothing tells where they came from");
      await page.waitForTimeout(500);
      assert.equal((await context.cookies(world.address)).length, 0, "the cookie is gone");
      const other = await context.newPage();
      const answer = await other.goto(`${story}/answer/your-story`);
      assert.equal(answer.status(), 404);
      assert.ok(!(await other.content()).includes("He read my letters."));
      await closed(context);
    });
  }
});
