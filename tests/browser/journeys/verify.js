// Somebody verifies a receipt: on the page of the register, and with the one file that they have kept, offline.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { closed, visitor } from "../help/browser.js";
import { fits, fitsWithWideText, isWelsh } from "../help/look.js";
import { parse, policy as rules } from "../../../crates/web/assets/src/register.js";
import { POLICY, PROOF, RECEIPT, REFUSED, STRANGER, STRICT, TEXT, promise } from "../help/receipts.js";
import { get } from "../help/wire.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

const file = (text) => ({ name: "receipt.txt", mimeType: "text/plain", buffer: Buffer.from(text) });

/** Verifies a file, and gives what is said: the verdict, and all of it. */
async function verify(page, text, policy) {
  await page.locator("#file").setInputFiles(file(text));
  await page.locator("#policy").fill(policy);
  await page.getByRole("button").last().click();
  const verdict = page.locator("[data-fm-verified] h2:focus");
  await verdict.waitFor();
  const said = await page.locator("[data-fm-verified]").innerText();
  const heading = await verdict.innerText();
  await verdict.evaluate((heading) => heading.blur());
  return { heading, said, good: (await page.locator(".fm-state--good").count()) === 1 };
}

/** All that the verifier must tell apart, wherever it stands. */
async function tellsApart(page, language) {
  const t = (key) => say(language, key);
  let { heading, said, good } = await verify(page, RECEIPT, POLICY);
  assert.equal(heading, t("verify-holds"), said);
  assert.ok(good && said.includes(TEXT) && said.includes("2 / 3") && said.includes("library.example/witness"), said);
  assert.ok(said.includes(t("verify-class-unnamed")), said);

  const later = Math.floor(Date.now() / 1000) + 86_400;
  ({ heading, said, good } = await verify(page, promise(later), POLICY));
  assert.ok(good && heading === t("verify-promised"), said);
  ({ heading, good } = await verify(page, PROOF, POLICY));
  assert.ok(good && heading === t("verify-holds"));

  const broken = {
    "another text": [RECEIPT.replace("twice", "once"), POLICY, "verify-opens-not"],
    "other terms": [RECEIPT.replace("class unnamed", "class public"), POLICY, "verify-opens-not"],
    "another salt": [RECEIPT.replace("salt B", "salt C"), POLICY, "verify-opens-not"],
    "another place": [RECEIPT.replace("\nindex 1\n", "\nindex 2\n"), POLICY, "verify-included-not"],
    "a larger register": [RECEIPT.replace("register\n3\n", "register\n4\n"), POLICY, "verify-signed-not"],
    "a promise until later": [promise(later).replace(`${later}`, `${later + 1}`), POLICY, "verify-signed-not"],
    "keys of a stranger": [RECEIPT, STRANGER, "verify-signed-not"],
    "too few witnesses": [RECEIPT, STRICT, "verify-witnessed-not"],
  };
  for (const [what, [text, policy, why]] of Object.entries(broken)) {
    assert.notEqual(what === "keys of a stranger" || what === "too few witnesses" ? null : text, RECEIPT, what);
    ({ heading, said, good } = await verify(page, text, policy));
    assert.ok(!good && heading === t("verify-broken"), `${what}: ${said}`);
    assert.ok(said.includes(t(why).replace("…", "").trim().slice(0, 20)), `${what}: ${said}`);
  }
  // A byte of every line, one after the other: whatever it is, it never holds.
  for (let at = 25, number = 0; at < RECEIPT.length; at += 61, number += 1) {
    const other = RECEIPT[at] === "A" ? "B" : "A";
    ({ said, good } = await verify(page, `${RECEIPT.slice(0, at)}${other}${RECEIPT.slice(at + 1)}`, POLICY));
    assert.ok(!good, `byte ${at}: ${said}`);
  }
  ({ heading, good } = await verify(page, "Dear Sir or Madam", POLICY));
  assert.ok(!good && heading === t("verify-unreadable"));
  ({ heading, good } = await verify(page, RECEIPT, "believe me"));
  assert.ok(!good && heading === t("verify-no-policy"));
  ({ heading, good } = await verify(page, RECEIPT, ""));
  assert.ok(!good && heading === t("verify-no-keys"));
  ({ heading, good } = await verify(page, RECEIPT, REFUSED["one key under two names"]));
  assert.ok(!good && heading === t("verify-no-policy"));
  ({ heading, good } = await verify(page, promise(later, "and the moon\n"), POLICY));
  assert.ok(!good && heading === t("verify-unreadable"));
  await page.locator("#file").setInputFiles([]);
  await page.locator("#text").fill(RECEIPT.trimEnd());
  await page.locator("#policy").fill(POLICY);
  await page.getByRole("button").last().click();
  await page.locator(".fm-state--good").waitFor();
}

test("a policy is taken as the program takes it", async () => {
  for (const policy of [POLICY, STRICT, STRANGER, `# of 2026\n\n${POLICY}`]) await rules(policy);
  for (const [what, policy] of Object.entries(REFUSED)) await assert.rejects(rules(policy), what);
});

test("a promise and a checkpoint have no lines but their own", () => {
  for (const whole of [RECEIPT, PROOF, promise(2_000_000_000)]) parse(whole);
  const others = [
    promise(2_000_000_000, "and the moon\n"),
    promise(2_000_000_000).replace(/review 01/, "review 0A"),
    RECEIPT.replace("register\n3\n", "register\n\n3\n"),
    RECEIPT.replace("twice.", "twice.\u0001"),
  ];
  for (const whole of others) assert.throws(() => parse(whole), whole);
});

journeys("verify", {}, () => {
  test("on the page, in English", async () => {
    const { page, leave } = await visitor(world);
    await page.goto("/register/verify");
    await tellsApart(page, "en");
    await leave();
  });

  test("on the page, in Welsh, 320 pixels wide", async () => {
    const { page, leave } = await visitor(world, { locale: "cy-GB", viewport: { width: 320, height: 640 } });
    await page.goto("/cy/register/verify");
    await isWelsh(page);
    await tellsApart(page, "cy");
    await fits(page);
    await fitsWithWideText(page);
    await leave();
  });

  test("without JavaScript the page says how else", async () => {
    const { page, leave } = await visitor(world, { javaScriptEnabled: false });
    await page.goto("/register/verify");
    assert.ok(!(await page.locator("#file").isVisible()));
    assert.ok((await page.locator("main").innerText()).includes("folkmoot verify receipt"));
    await leave();
  });

  for (const [language, prefix] of [["en", ""], ["cy", "/cy"]]) {
    test(`from one file that was kept, offline, ${language}`, async () => {
      const { body } = await get(world.address, `${prefix}/register/verify`);
      const [, address] = /href="([^"]+)" download/.exec(body);
      const kept = await get(world.address, address);
      const folder = await mkdtemp(join(tmpdir(), "kept-"));
      const path = join(folder, "verify.html");
      await writeFile(path, kept.body);
      const context = await world.browser.newContext({ offline: true });
      const asked = [];
      context.on("request", (request) => asked.push(request.url()));
      const complaints = [];
      const page = await context.newPage();
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(`file://${path}`);
      await tellsApart(page, language);
      assert.deepEqual(asked, [`file://${path}`], "it asks nobody for anything");
      assert.deepEqual(complaints, []);
      await closed(context);
      await rm(folder, { recursive: true });
    });
  }
});
