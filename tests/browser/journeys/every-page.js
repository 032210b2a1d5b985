// Every kind of page in every state that somebody can bring it into, in English and in Welsh. A visitor goes round and
// notes what each page is like; the tests then say what is wrong with which page.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { arriving, closed, visitor } from "../help/browser.js";
import { NOTE, PICTURE, PROGRAM } from "../help/files.js";
import { englishWords, fits, fitsWithWideText } from "../help/look.js";
import { Person } from "../help/person.js";
import { POLICY, RECEIPT } from "../help/receipts.js";
import { command } from "../help/product.js";
import { get } from "../help/wire.js";
import { say } from "../help/words.js";
import { journeys, within, world } from "../help/world.js";

const require = createRequire(import.meta.url);
const axe = require("axe-core").source;
const vnu = join(require.resolve("vnu-jar"), "../build/dist/vnu.jar");

/** Every rule of WCAG 2.2 up to level AA that a program can check, and what is good practice besides. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Bytes of brotli. */
const FIRST_VISIT = 14_000;
const LATER_PAGE = 4_000;
const SCRIPT = 6_000;

/** What every visitor who gives evidence to this call is asked, and a wrong answer to each that can have one. */
const ACCESS = ["barriers", "device", "help", "confidence", "miles", "offline", "story", "difference"];

/** How long a page may take to be looked at, its checks and its other languages included. */
const LOOK = 60_000;

/** What was noted of the pages, in the order of the visit. */
const visits = [];

journeys("every page", {}, () => {
  before(() => Promise.all(["en", "cy"].map(goRound)), { timeout: 1_500_000 });

  const nothing = (about, wrong) =>
    test(about, () => {
      const found = visits.flatMap((visit) => wrong(visit).map((what) => `${visit.language} ${visit.name}: ${what}`));
      assert.deepEqual(found, []);
    });

  nothing("axe finds nothing", (visit) => visit.violations);
  nothing("it has one heading of the first level", (visit) =>
    visit.headings.length === 1 ? [] : [visit.headings.join(" | ")],
  );
  nothing("its language is said", (visit) => (visit.lang === visit.language ? [] : [visit.lang]));
  nothing("Welsh pages have no English in what the interface says", (visit) => visit.english);
  nothing("its other languages are there", (visit) => visit.alternates);
  nothing("it fits into 320 pixels, with wide text too", (visit) => visit.spilling);
  nothing("its answer has the status that it should have", (visit) =>
    visit.status === visit.expected ? [] : [`${visit.status} in place of ${visit.expected}`],
  );
  nothing("a later page is small", (visit) => (visit.size > LATER_PAGE ? [`${visit.size} bytes`] : []));
  nothing("nothing stands there that was meant for the templates", (visit) =>
    [/\{\{|\{%|\{ ?\$|undefined|\bNaN\b|\bnull\b/.exec(visit.text)?.[0]].filter(Boolean),
  );

  test("no two pages have the same title", () => {
    const titles = new Map();
    // A list that was narrowed down is the same page, and so is one that says that something is not there.
    for (const { title, url, status, language } of visits.filter((visit) => [200, 422].includes(visit.status))) {
      const path = new URL(url).pathname.replace(/\/send$/, "/check");
      const places = titles.get(`${language} ${title}`) ?? new Set();
      titles.set(`${language} ${title}`, places.add(path));
      assert.equal(title.startsWith(say(language, "error-prefix")), status === 422 || url.endsWith("gaps=1"), title);
    }
    const shared = [...titles].filter(([, paths]) => paths.size > 1).map(([title, paths]) => [title, ...paths]);
    assert.deepEqual(shared, []);
  });

  test("the checker of the W3C finds no error", async (t) => {
    const { errors, warnings } = await validate(visits);
    for (const warning of warnings) t.diagnostic(warning);
    assert.deepEqual(errors, []);
  });

  test("a first visit is small", async (t) => {
    const calls = (await get(world.address, `${world.base}/calls`)).body.matchAll(/href="[^"]*(\/calls\/[a-z-]+)"/g);
    const paths = ["", "/contributions", ...new Set([...calls].map(([, path]) => path))];
    assert.ok(paths.length > 6, `${paths}`);
    for (const path of paths.flatMap((path) => [`${world.base}${path}`, `/cy${world.base}${path}`])) {
      const page = await get(world.address, path, { "sec-fetch-site": "none" });
      assert.match(page.body, /<style>/, "the style sheet stands in the first page, so that it can be drawn at once");
      const sizes = { html: page.size };
      for (const [kind, pattern] of [
        ["css", /<link rel="stylesheet" href="([^"]+)"/g],
        ["script", /<script[^>]* src="([^"]+)"/g],
      ]) {
        sizes[kind] = 0;
        for (const [, address] of page.body.matchAll(pattern)) {
          const asset = await get(world.address, address);
          assert.equal(asset.encoding, "br", address);
          assert.match(asset.headers["cache-control"], /max-age=31536000, immutable/);
          sizes[kind] += asset.size;
        }
      }
      const sum = sizes.html + sizes.css + sizes.script;
      t.diagnostic(`${path}: ${JSON.stringify(sizes)}, together ${sum} bytes`);
      assert.equal(page.encoding, "br");
      assert.ok(sizes.script <= SCRIPT, `the script has ${sizes.script} bytes`);
      assert.ok(sum <= FIRST_VISIT, `${path} has ${sum} bytes: ${JSON.stringify(sizes)}`);
    }
  });
});

/** Waits until everything has been counted for the first time. */
async function counted(page, path) {
  for (let looks = 0; looks < 60; looks += 1) {
    await page.goto(path);
    if (!(await page.locator(".fm-empty").count())) return;
    await page.waitForTimeout(500);
  }
  assert.fail("nothing is counted");
}

/** Waits until the receipt says that the contribution is in the register. */
async function entered(page, path, words) {
  for (let looks = 0; looks < 60; looks += 1) {
    await page.goto(path);
    if ((await page.locator("#register + p").innerText()).includes(words)) return;
    await page.waitForTimeout(500);
  }
  assert.fail("nothing is entered into the register");
}

/** Goes to every kind of page, in every state, as one person would come across them. */
async function goRound(language) {
  const { page, context, leave } = await visitor(world);
  await page.addInitScript(axe);
  const person = new Person(page, language);
  const t = (key) => say(language, key);
  const prefix = language === "cy" ? "/cy" : "";
  const base = `${prefix}${world.base}`;
  const access = `${base}/calls/access-and-skills`;
  let answer;

  const note = async (name, expected = 200) => {
    const visit = noted(page, context, { name, language, answer, expected });
    visits.push(await within(LOOK, `${language} ${name}`, visit));
  };
  const see = async (name, path, expected = 200) => {
    answer = await person.goTo(path);
    await note(name, expected);
  };
  const press = async (name, button, expected = 200) => {
    answer = await person.press(button);
    await note(name, expected);
  };

  // Reading.
  await see("home", base);
  await see("about", `${base}/about`);
  await see("privacy", `${base}/privacy`);
  await see("accessibility", `${base}/accessibility`);
  await see("calls", `${base}/calls`);
  await see("call, open", access);
  await see("call, closed", `${base}/calls/what-it-costs`);
  await see("call, to come", `${base}/calls/local-and-national`);
  await see("contributions", `${base}/contributions`);
  await see("contributions, the next page", await page.locator("a[rel=next]").getAttribute("href"));
  await see("contributions, narrowed down", `${base}/contributions?call=front-line&verdict=failed`);
  await see("contributions, found", `${base}/contributions?q=library`);
  await see("contributions, nothing found", `${base}/contributions?q=zyzzyva`);
  await see("contributions, not understood", `${base}/contributions?verdict=superb&place=leeds`);
  await see("contributions, nothing found at a place", `${base}/contributions?place=library&service=zyzzyva`);
  await see("contributions, other words for a place", `${base}/contributions?place=library+card`);
  await see("contributions, narrowed down further", `${base}/contributions?service=bus&language=en&from=2020-01-01`);
  await see("examples", `${base}/examples`);
  await see("examples, narrowed down", `${base}/examples?verdict=failed&place=leeds`);
  await see("examples, nothing found", `${base}/examples?q=zyzzyva`);
  await person.goTo(`${base}/examples?model=yes`);
  await see("a model", await page.locator(".fm-card .fm-meta a").first().getAttribute("href"));
  await press("a model, taken up by nobody", t("take-up-button"), 422);
  await person.write(t("take-up-body"), "Wenbury Borough Council");
  await person.write(t("take-up-contact"), "team@example.org");
  await press("a model, said", t("take-up-button"));
  await counted(page, `${base}/heard`);
  await see("figures", `${base}/heard`);
  await see("figures, of a call", `${base}/heard/access-and-skills`);
  await see("figures, of a call that has too few", `${base}/heard/local-and-national`);
  await see("places", `${base}/places`);
  await person.goTo(`${base}/contributions?verdict=mixed`);
  await see("contribution, an example", await page.locator(".fm-evidence h3 a").first().getAttribute("href"));
  await person.goTo(`${base}/contributions?q=llyfrgell`);
  await see("contribution, in Welsh", await page.locator(".fm-evidence h3 a").first().getAttribute("href"));
  await person.goTo(`${base}/contributions?q=help+desk+pressed+save`);
  await see("contribution, with a passage struck out", await page.locator(".fm-evidence h3 a").first().getAttribute("href"));
  await see("contribution, cited", `${new URL(page.url()).pathname}/cite`);

  // The register.
  await see("register", `${prefix}/register`);
  await see("verify a receipt", `${prefix}/register/verify`);
  await page.getByRole("button", { name: t("verify-button") }).click();
  await note("verify a receipt, nothing chosen");
  await page.locator("#text").fill(RECEIPT);
  await page.locator("#policy").fill(POLICY);
  await page.getByRole("button", { name: t("verify-button") }).click();
  await page.locator(".fm-state--good").waitFor();
  await note("verify a receipt, it holds");

  // What helps to give evidence.
  await see("before you start", `${access}/before`);
  await see("before you start, closed", `${base}/calls/what-it-costs/before`);
  await see("before you start, to come", `${base}/calls/local-and-national/before`);
  await see("questionnaire", `${access}/questionnaire`);
  await see("questionnaire, easy", `${access}/questionnaire?easy=yes`);
  await see("questionnaire, every kind of question", `${base}/calls/data-and-trust/questionnaire`);
  await see("learning pages", `${base}/learn`);
  await see("a learning page", `${base}/learn/what-happened`);
  await see("a learning page of the team", `${base}/learn/words-we-use`);
  await see("help", `${base}/help`);
  await see("help, the last page", `${base}/help?page=99`);
  await see("help, near", `${base}/help?place=leeds`);
  await see("help, several places", `${base}/help?place=newc`);
  await see("help, no such place", `${base}/help?place=atlantis`);
  await see("help, no such place, the next page", `${base}/help?place=atlantis&page=2`);
  await see("help, nobody there", `${base}/help?place=cornwall&kind=signing`);
  await person.goTo(`${base}/help`);
  await press("help, offered by nobody", t("offer-button"), 422);
  await person.write(t("offer-name"), "Ada Tully");
  await person.write(t("offer-place"), "newc");
  await press("help, offered in several places", t("offer-button"), 422);
  await person.choose("Newcastle upon Tyne");
  await page.locator("form#page input[name=help]").first().check();
  await person.write(t("offer-contact"), "ada@example.org");
  await person.choose(t("offer-consent"));
  await press("help, offered", t("offer-button"));
  await see("help, to be taken back", `${base}/help/withdraw`);
  await press("help, taken back without words", t("offer-withdraw-button"), 422);

  // A sensitive story.
  const story = `${base}/calls/your-story`;
  await see("story", story);
  await see("story, before you start", `${story}/before`);
  await press("story, told", t("story-start"));
  await see("story, what follows", `${story}/answer/safe-way`);
  await see("story, check", `${story}/check`);
  await see("story, begun", story);
  await see("story, come back later", `${story}/later`);
  await see("hide that you were here", `${base}/hide`);

  // Giving evidence.
  answer = await person.goTo(access);
  answer = await person.press(t("nav-give"));
  for (const question of ACCESS) await see(`question ${question}`, `${access}/answer/${question}`);
  await page.getByRole("textbox").fill("z".repeat(301));
  await press("question difference, too long", t("continue"), 422);
  await person.goTo(`${access}/answer/story`);
  await person.write(t("example-ask-service"), "Bus passes");
  await press("question story, half answered", t("continue"), 422);
  await person.goTo(`${access}/answer/device`);
  await person.choose(t("other"));
  await press("question device, other without words", t("continue"), 422);
  await person.goTo(`${access}/answer/help`);
  await person.choose(t("other"));
  await press("question help, other without words", t("continue"), 422);
  await person.goTo(`${access}/answer/miles`);
  await page.getByRole("textbox").fill("far");
  await press("question miles, not a number", t("continue"), 422);
  await see("who is speaking", `${access}/who`);
  await person.write(t("who-members"), "some");
  await press("who is speaking, not a number", t("continue"), 422);
  await see("release", `${access}/release`);
  await press("release, not chosen", t("continue"), 422);
  await see("check, empty", `${access}/check`);
  await press("check, sent too early", t("send"), 422);
  await see("call, with a draft", access);
  await see("delete the draft", `${access}/delete`);

  await see("help somebody", `${access}/helping`);
  await press("help somebody, nothing said", t("helping-start"), 422);
  const frontLine = `${base}/calls/front-line`;
  await person.goTo(`${frontLine}/helping`);
  await person.choose(t("helping-way-together"));
  await person.choose(t("helping-role-librarian"));
  await person.choose(t("helping-agreed"));
  await press("question, helping", t("helping-start"));
  await see("questions, helping", `${frontLine}/questions`);
  await see("question, files", `${frontLine}/answer/papers`);
  await press("question, files, none chosen", t("file-upload"), 422);
  await page.locator("#file").setInputFiles([NOTE, PROGRAM]);
  await press("question, files, one taken and one refused", t("file-upload"), 422);
  await page.locator("#what-1").fill("z".repeat(301));
  await page.locator("#file").setInputFiles([PICTURE, { ...PICTURE, name: "second.png" }, NOTE]);
  await press("question, files, too many and too much said", t("file-upload"), 422);
  await see("question, files, full", `${frontLine}/answer/papers`);
  await see("read back", `${frontLine}/read-back`);
  await press("read back, nothing said", t("continue"), 422);
  await see("who is speaking, helping", `${frontLine}/who`);
  await see("release, helping", `${frontLine}/release`);
  await see("check, helping", `${frontLine}/check`);
  await person.goTo(`${frontLine}/answer/work`);
  await page.getByRole("textbox").fill("I run a school office.");
  await person.press(t("continue"));
  await person.goTo(`${frontLine}/release`);
  await person.choose(t("release-helping-unnamed"));
  await press("read back, all said", t("continue"));
  const behind = await context.newPage();
  await behind.goto(`${frontLine}/answer/work`);
  await behind.getByRole("textbox").fill("I run two.");
  await arriving(behind, () => behind.getByRole("button", { name: t("continue"), exact: true }).last().click());
  await closed(behind);
  await person.choose(t("read-back-heard"));
  await press("read back, changed in between", t("continue"), 409);
  await see("check, not read back", `${frontLine}/check`);
  await person.press(t("read-back-link"));
  await person.choose(t("read-back-seen"));
  await press("check, read back", t("continue"));
  await press("about the person helped", t("continue"));

  const together = `${base}/calls/services-made-together`;
  await person.goTo(together);
  await person.press(t("nav-give"));
  await see("question, a date", `${together}/answer/did-not-come`);
  await person.write(t("date-year"), "2025");
  await press("question, half a date", t("continue"), 422);
  await person.write(t("date-day"), "31");
  await person.write(t("date-month"), "2");
  await person.write(t("date-year"), "2025");
  await press("question, a date that is none", t("continue"), 422);

  const trust = `${base}/calls/data-and-trust`;
  await see("no draft", `${trust}/check`, 404);
  await person.goTo(trust);
  await person.press(t("nav-give"));
  await see("question, a service", `${trust}/answer/which-service`);
  await page.locator("#answer").fill("tax");
  await press("question, a service among several", t("continue"), 422);
  await see("question, a place", `${trust}/answer/where`);
  await page.locator("#answer").fill("newc");
  await press("question, a place among several", t("continue"), 422);
  await see("question, an order", `${trust}/answer/first-things`);
  await page.locator("[name=answer-see]").selectOption("1");
  await page.locator("[name=answer-sold]").selectOption("1");
  await press("question, an order with a tie", t("continue"), 422);
  await see("question, rows", `${trust}/answer/trust-in`);
  await press("question, rows in easy words", t("easy-words"));
  await person.press(t("full-words"));
  await person.goTo(`${trust}/answer/trust-story`);
  await person.write(t("example-ask-service"), "tax");
  await person.write(t("example-ask-place"), "newc");
  await press("question, an example among several", t("continue"), 422);

  // Two windows on one page that cannot show both.
  await person.goTo(`${trust}/who`);
  const other = await context.newPage();
  await other.goto(`${trust}/who`);
  await other.getByLabel(t("who-name"), { exact: true }).fill("Ada");
  await arriving(other, () => other.getByRole("button", { name: t("continue"), exact: true }).last().click());
  await closed(other);
  await person.write(t("who-name"), "Grace");
  await press("changed in another window", t("continue"), 409);

  // What is refused.
  await see("nothing there", `${base}/nowhere`, 404);
  await see("nothing there, outside of the review", `${prefix}/nowhere`, 404);
  await see("no receipt", `${base}/receipt/withdraw`, 404);
  await see("not in this way", `${access}/start`, 405);
  await person.goTo(`${access}/answer/barriers`);
  await page.getByRole("textbox").fill("Half a sentence");
  await page.locator("main input[name=csrf]").evaluate((field) => field.remove());
  await press("not sure who sent it", t("continue"), 403);
  await person.goTo(`${access}/answer/barriers`);
  await page.getByRole("textbox").fill("long ".repeat(80_000));
  await press("too large", t("continue"), 413);

  // Sending, and the receipt.
  await person.goTo(`${access}/answer/barriers`);
  await page.getByRole("textbox").fill("A short answer.\n\nWith a second paragraph.");
  await person.press(t("continue"));
  await person.goTo(`${access}/release`);
  await person.choose(t("release-unnamed"));
  await person.press(t("continue"));
  await see("questions, one answered", `${access}/questions`);
  await see("come back later", `${access}/later`);
  await see("words by e-mail", `${access}/later/mail`);
  await press("words by e-mail, no address", t("own-mail-button"), 422);
  await person.write(t("own-mail-label"), "ada@example.net");
  await press("words by e-mail, sent", t("own-mail-button"));
  await see("other calls", `${access}/also`);
  await see("check, complete", `${access}/check`);
  await press("about you", t("continue"));
  await press("receipt", t("about-you-silent"));
  const reference = (await page.locator(".fm-receipt__ref").innerText()).trim();
  await command(world.product, "publish", reference);
  await entered(page, `${base}/receipt`, t("registered-unwitnessed"));
  await see("receipt, published, in the register", `${base}/receipt`);
  await see("letter", `${base}/receipt/letter`);
  await see("copy of what was said", `${base}/receipt/copy`);
  await see("copy by e-mail", `${base}/receipt/mail`);
  await press("copy by e-mail, no address", t("own-mail-button"), 422);
  await command(world.product, "ask", reference, "Which office was it?\n\nAnd when?", "--by", "2098-01-31", "--language", language);
  await see("receipt, with a question from the team", `${base}/receipt`);
  await press("receipt, without an answer to it", t("asked-send"), 422);
  await person.write(t("asked-label"), "The one in Barry.");
  await person.choose(t("asked-publish"));
  await press("receipt, with the question answered", t("asked-send"));
  await command(world.product, "replies show", reference, "asked-1");
  await see("contribution, with an answer to the team", `${base}/contributions/${reference}`);
  await see("release, from the receipt", `${base}/receipt/release`);
  await see("withdraw", `${base}/receipt/withdraw`);
  await press("receipt, withdrawn", t("withdraw-button"));
  await see("letter, withdrawn", `${base}/receipt/letter`);
  await see("copy, withdrawn", `${base}/receipt/copy`);
  await see("mail, withdrawn", `${base}/receipt/mail`);
  await see("contribution, withdrawn", `${base}/contributions/${reference}`, 410);
  await person.goTo(`${base}/receipt`);
  await press("home, after closing", t("receipt-close"));
  await see("open a receipt", `${base}/receipt`);
  await press("open a receipt, without words", t("receipt-form-button"), 422);

  // A contribution with files.
  await person.goTo(frontLine);
  await person.press(t("nav-give"));
  await person.goTo(`${frontLine}/answer/papers`);
  await page.locator("#file").setInputFiles([NOTE, PICTURE]);
  await press("question, files, added", t("file-upload"));
  await page.locator("#what-1").fill("Minutes in the queue");
  await person.press(t("continue"));
  await person.goTo(`${frontLine}/release`);
  await person.choose(t("release-public"));
  await person.press(t("continue"));
  await see("check, with files", `${frontLine}/check`);
  await person.press(t("continue"));
  await person.press(t("about-you-silent"));
  const filed = (await page.locator(".fm-receipt__ref").innerText()).trim();
  await command(world.product, "publish", filed);
  await see("contribution, with files", `${base}/contributions/${filed}`);
  await leave();
}

/** What is to be said of the page that stands open. */
async function noted(page, context, { name, language, answer, expected }) {
  const url = page.url();
  const html = await answer.text();
  const seen = await page.evaluate(async (rules) => {
    const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
    return {
      title: document.title,
      lang: document.documentElement.lang,
      headings: [...document.querySelectorAll("h1")].map((heading) => heading.textContent.trim()),
      text: document.body.innerText,
      violations: violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${target.join(" ")}`)),
      alternates: [...document.querySelectorAll("link[rel=alternate][hreflang]")].map((link) => [link.hreflang, link.href]),
    };
  }, RULES);
  const english = language === "cy" ? await englishWords(page) : [];
  const notThere = answer.request().method() === "GET" ? await missing(context, seen.alternates, answer.status()) : [];
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const again = answer.request().method() === "GET" ? await get(world.address, url, { cookie, "sec-fetch-site": "same-origin" }) : { size: 0 };
  await shoot(page, `${language}-${name}`);
  const spilling = await narrowed(page, `${language}-${name}`);
  return { name, language, url, html, expected, status: answer.status(), ...seen, english, alternates: notThere, size: again.size, spilling };
}

/**
 * Which of the addresses in other languages do not lead to a page in that language. A page that says that something is
 * not there offers none: it is at no address of its own.
 */
async function missing(context, alternates, status) {
  const failed = status >= 400 && status !== 422;
  const wrong = alternates.length === (failed ? 0 : 2) ? [] : [`${alternates.length} languages`];
  for (const [language, href] of alternates) {
    const other = await context.request.get(href);
    const lang = /<html lang="([a-z]+)"/.exec(await other.text())?.[1];
    if (other.status() !== status || lang !== language) wrong.push(`${href}: ${other.status()}, ${lang}`);
  }
  return wrong;
}

/** What is too wide for a window of 320 pixels. */
async function narrowed(page, name) {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const wrong = [];
  for (const check of [fits, fitsWithWideText]) await check(page).catch((error) => wrong.push(error.message));
  await shoot(page, `${name}-320`);
  await page.setViewportSize(size);
  return wrong;
}

/** Saves a picture of the whole page, if SCREENSHOTS names a folder for that. */
async function shoot(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replace(/[^a-z0-9]+/gi, "-")}.png`), fullPage: true });
}

/** What the checker of the W3C says of the pages as they were sent. */
async function validate(pages) {
  const folder = await mkdtemp(join(tmpdir(), "folkmoot-pages-"));
  try {
    const names = pages.map((visit, at) => [join(folder, `${at}.html`), visit]);
    for (const [file, visit] of names) await writeFile(file, visit.html);
    const report = await new Promise((resolve, reject) => {
      const options = ["-Xss1m", "-jar", vnu, "--stdout", "--exit-zero-always", "--format", "json", folder];
      execFile("java", options, { maxBuffer: 1 << 26, timeout: 600_000 }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    });
    const by = { errors: [], warnings: [] };
    for (const { type, subType, url, message, extract } of JSON.parse(report).messages) {
      const [, visit] = names.find(([file]) => url.endsWith(file.slice(file.lastIndexOf("/"))));
      const line = `${visit.language} ${visit.name}: ${message} (${extract?.trim().slice(0, 120)})`;
      (type === "info" && subType !== "error" ? by.warnings : by.errors).push(line);
    }
    return by;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
