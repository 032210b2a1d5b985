// Somebody gives evidence, waits until the register has it, takes the receipt away, and verifies it: on the page of the register,
// and without any connection, with the one file that they have kept.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { closed, visitor } from "../help/browser.js";
import { give } from "../help/evidence.js";
import { fits } from "../help/look.js";
import { Person } from "../help/person.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

const SAID = "Nobody answers the telephone.\nThe page with the number \u201Cmoved\u201D twice.";

/** Looks again until the receipt says that it is counted. */
async function entered(page, base, t) {
  for (let looks = 0; looks < 60; looks += 1) {
    await page.goto(`${base}/receipt`);
    if ((await page.locator("#register + p").innerText()).includes(t("registered-unwitnessed"))) return;
    await page.waitForTimeout(500);
  }
  assert.fail("nothing is entered into the register");
}

/** Follows a link that downloads, and gives the place of the file. */
async function keep(page, name, folder, as) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name, exact: true }).click(),
  ]);
  const path = join(folder, as ?? download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** Chooses a file and has it verified: the verdict, and all that is said. */
async function verify(page, path, t) {
  await page.locator("#file").setInputFiles(path);
  await page.getByRole("button", { name: t("verify-button"), exact: true }).click();
  const verdict = page.locator("[data-fm-verified] h2:focus");
  await verdict.waitFor();
  const found = { heading: await verdict.innerText(), said: await page.locator("[data-fm-verified]").innerText() };
  await verdict.evaluate((heading) => heading.blur());
  return found;
}

/** The receipt holds, is shown as people read, and a changed byte is refused. */
async function tellsApart(page, receipt, folder, t) {
  const { heading, said } = await verify(page, receipt, t);
  assert.equal(heading, t("verify-holds"), said);
  for (const line of [...SAID.split("\n"), "Workaround", t("verify-its-call"), "front-line", t("verify-class-unnamed")]) {
    assert.ok(said.includes(line), `${line}: ${said}`);
  }
  assert.doesNotMatch(said, /[{}]/, "nobody reads JSON");

  const text = await readFile(receipt, "utf8");
  const other = join(folder, "other.txt");
  for (const [one, another, why] of [
    ["telephone", "telegraph", "verify-opens-not"],
    ["class unnamed", "class public", "verify-opens-not"],
  ]) {
    assert.ok(text.includes(one), one);
    await writeFile(other, text.replace(one, another));
    const refused = await verify(page, other, t);
    assert.equal(refused.heading, t("verify-broken"), refused.said);
    assert.ok(refused.said.includes(t(why)), refused.said);
  }
}

journeys("the register", { serve: ["--register-interval", "1", "--register-batch", "1"] }, () => {
  const people = [
    ["en", {}],
    ["cy", { viewport: { width: 320, height: 640 } }],
  ];
  for (const [language, options] of people) {
    test(`a receipt is taken away and verified, ${language}`, async () => {
      const { page, leave } = await visitor(world, options);
      const person = new Person(page, language, options.viewport ? fits : undefined);
      const t = (key, variables) => say(language, key, variables);
      const prefix = language === "cy" ? "/cy" : "";
      const folder = await mkdtemp(join(tmpdir(), "receipt-"));
      await give(person, SAID);
      await entered(page, `${prefix}${world.base}`, t);
      const receipt = await keep(page, t("registered-receipt"), folder);
      assert.match(receipt, /-receipt\.txt$/);

      await person.press(t("register-verify-receipt"));
      assert.equal(new URL(page.url()).pathname, `${prefix}/register/verify`);
      await tellsApart(page, receipt, folder, t);
      if (options.viewport) await fits(page);
      if (process.env.SCREENSHOTS) {
        await verify(page, receipt, t);
        await page.screenshot({ path: join(process.env.SCREENSHOTS, `verified-${language}.png`), fullPage: true });
      }

      const policy = await page.locator("#policy").inputValue();
      const kept = await keep(page, t("verify-offline-link"), folder);
      await leave();

      const context = await world.browser.newContext({ offline: true });
      const asked = [];
      context.on("request", (request) => asked.push(request.url()));
      const alone = await context.newPage();
      await alone.goto(`file://${kept}`);
      await alone.locator("#policy").fill(policy);
      await tellsApart(alone, receipt, folder, t);
      assert.deepEqual(asked, [`file://${kept}`], "it asks nobody for anything");
      await closed(context);
      await rm(folder, { recursive: true });
    });
  }
});
