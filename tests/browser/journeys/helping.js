// Somebody helps another person to give evidence, or answers for one who is not there: from the first page to the receipt, which
// that person then opens without them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { MANNERS } from "../help/manners.js";
import { Person } from "../help/person.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

/** How somebody helps, in what role, and what the person helped says to what was read back. */
const HELP = {
  together: { role: "librarian", agreed: "read-back-heard" },
  "on-behalf": { role: "caseworker", agreed: "read-back-not-possible", reason: "She is at sea until March." },
};

journeys("helping", { concurrency: 1 }, () => {
  for (const [manner, { Kind = Person, language = "en", options, look }] of Object.entries(MANNERS)) {
    for (const [way, { role, agreed, reason }] of Object.entries(HELP)) {
      test(`${way} (${manner})`, async () => {
        const { page, leave } = await visitor(world, options);
        const person = new Kind(page, language, look);
        const t = (key) => say(language, key);
        const base = `${language === "cy" ? "/cy" : ""}${world.base}/calls/access-and-skills`;
        const reads = async (...texts) => {
          const text = await person.text();
          for (const said of texts) assert.ok(text.includes(said), `${said} in ${text}`);
        };

        await person.goTo(base);
        await person.press(t("helping-link"));
        await reads(t(`helping-script-${way}-what`));
        await person.choose(t(`helping-way-${way}`));
        await person.choose(t(`helping-role-${role}`));
        await person.write(t("helping-name"), "Mair Canary");
        await person.choose(t("helping-agreed"));
        await person.press(t("helping-start"));

        await page.getByRole("textbox").fill("The library has closed.");
        await person.press(t("continue"));
        for (let question = 2; question <= 8; question += 1) await person.press(t("skip"));
        await reads(t("who-helping-text"), t("who-helping-kind"));
        assert.equal(await page.getByLabel(t("who-name"), { exact: true }).count(), 0, "nobody is asked for their own name");
        await person.choose(t("kind-helped"));
        await person.write(t("who-helping-name"), "Ada Tully");
        await person.press(t("continue"));
        assert.equal(await person.heading(), t("release-ask-helping"));
        await person.choose(t("release-helping-public"));
        await person.press(t("continue"));

        assert.equal(await person.heading(), t("read-back-heading"));
        await reads("The library has closed.", "Ada Tully", t("release-helping-public"));
        const refused = await person.press(t("continue"));
        assert.equal(refused.status(), 422);
        await person.choose(t(agreed));
        if (reason) await person.write(t("read-back-reason"), reason);
        await person.press(t("continue"));

        assert.equal(await person.heading(), t("check-heading"));
        await reads(t(`helping-said-${way}`));
        await person.press(t("continue"));
        assert.equal(await person.heading(), t("about-them"));
        await person.press(t("about-you-silent"));
        assert.equal(await person.heading(), t("receipt-heading"));
        await reads(t("receipt-helped"));
        const reference = (await page.locator(".fm-receipt__ref").innerText()).trim();
        const words = await page.locator(".fm-words li").allInnerTexts();
        await leave();

        const other = await visitor(world, options);
        const helped = new Kind(other.page, language, look);
        await helped.goTo(`${language === "cy" ? "/cy" : ""}${world.base}/receipt`);
        await helped.write(t("receipt-form-label"), words.join(" "));
        await helped.press(t("receipt-form-button"));
        assert.equal((await other.page.locator(".fm-receipt__ref").innerText()).trim(), reference);
        await other.leave();
      });
    }
  }
});
