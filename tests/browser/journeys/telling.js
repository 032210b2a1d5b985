// Somebody follows a review by letters: asks, confirms by the page that the mail names, and unsubscribes again. The
// demonstration puts its mail into a folder, so the journey reads it there.

import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { fits, fitsWithWideText, isWelsh } from "../help/look.js";
import { Person } from "../help/person.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

const require = (await import("node:module")).createRequire(import.meta.url);
const axe = require("axe-core").source;

journeys("telling people", { concurrency: 1 }, () => {
  for (const language of ["en", "cy"]) {
    for (const javaScriptEnabled of [true, false]) {
      const how = `${language}, ${javaScriptEnabled ? "with" : "without"} JavaScript`;
      test(`subscribe, confirm, unsubscribe (${how})`, async () => {
        const { page, leave } = await visitor(world, { javaScriptEnabled, viewport: { width: 320, height: 700 } });
        const look = (name) => looked(page, language, javaScriptEnabled, name);
        const person = new Person(page, language);
        const to = `${language}.${javaScriptEnabled}@example.net`;
        const prefix = language === "cy" ? "/cy" : "";
        await person.goTo(`${prefix}${world.base}`);
        await person.press(say(language, "newsletter-link"));
        await look("form");

        await person.write(say(language, "newsletter-label"), "ada at example");
        await person.press(say(language, "newsletter-button"));
        assert.match(await page.title(), new RegExp(`^${say(language, "error-prefix")}`));
        assert.equal(await page.getByLabel(say(language, "newsletter-label"), { exact: true }).inputValue(), "ada at example");
        await look("mistake");

        await person.write(say(language, "newsletter-label"), to);
        await person.press(say(language, "newsletter-button"));
        assert.equal(await person.heading(), say(language, "newsletter-asked"));
        await look("asked");

        const mail = await mailTo(to);
        assert.match(mail, new RegExp(`^Content-Language: ${language}\r?$`, "m"));
        const confirm = linkIn(mail, `${prefix}${world.base}/newsletter/confirm`);
        await person.goTo(confirm);
        assert.equal(await person.heading(), say(language, "newsletter-confirm"));
        await look("confirm");
        await person.press(say(language, "newsletter-confirm-button"));
        assert.equal(await person.heading(), say(language, "newsletter-confirmed"));
        await look("confirmed");

        await person.goTo(confirm.replace("/confirm", "/leave"));
        assert.equal(await person.heading(), say(language, "newsletter-leave"));
        await look("leave");
        await person.press(say(language, "newsletter-leave-button"));
        assert.equal(await person.heading(), say(language, "newsletter-left"));
        await look("left");

        const again = await person.goTo(confirm);
        assert.equal(again.status(), 404);
        assert.equal(await person.heading(), say(language, "newsletter-expired"));
        await look("expired");
        await leave();
      });
    }
  }
});

/** Axe finds nothing, it fits, and Welsh is Welsh; a picture is taken if pictures are. */
async function looked(page, language, script, name) {
  await fits(page);
  await fitsWithWideText(page);
  if (language === "cy") await isWelsh(page);
  if (process.env.SCREENSHOTS) {
    await page.screenshot({ path: join(process.env.SCREENSHOTS, `newsletter-${name}-${language}.png`), fullPage: true });
  }
  if (!script) return;
  const { violations } = await page.evaluate(`${axe}; axe.run()`);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), [], name);
}

/** The message to an address, its quoted-printable taken off; it is there within a few seconds. */
async function mailTo(to) {
  const folder = join(world.product.data, "mail");
  for (let tries = 0; tries < 200; tries++) {
    for (const file of await readdir(folder).catch(() => [])) {
      const text = (await readFile(join(folder, file), "utf8")).replace(/=\r\n/g, "").replace(/=3D/g, "=");
      if (text.includes(`To: ${to}\r\n`) && text.trimEnd().endsWith("--")) return text;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`no mail came to ${to}`);
}

/** The path of the first link to a page. */
function linkIn(mail, path) {
  const found = mail.split(/[\s"<>]/).find((word) => word.startsWith(`${world.address}${path}`));
  assert.ok(found, mail);
  return found.slice(world.address.length);
}
