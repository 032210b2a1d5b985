// Somebody reads what others have said: the whole list, a part of it, one contribution, and the feed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { verdictsHaveShapes } from "../help/look.js";
import { Person } from "../help/person.js";
import { command } from "../help/product.js";
import { get } from "../help/wire.js";
import { journeys, world } from "../help/world.js";

const LIST = "/contributions";

journeys("reading", { concurrency: 2 }, () => {
  test("from the first page through the whole list, without a repeat or a gap", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    await person.goTo(world.base);
    await person.press("What we have heard");
    const total = await found(page);
    const seen = [];
    for (let pages = 1; ; pages += 1) {
      const here = await references(page);
      seen.push(...here);
      assert.ok(pages < 60, "the list comes to an end");
      if (!(await page.getByRole("link", { name: "Older contributions" }).count())) break;
      assert.equal(here.length, 10);
      await person.press("Older contributions");
    }
    assert.equal(new Set(seen).size, seen.length, "nothing stands there twice");
    assert.equal(seen.length, total, "and everything that was counted was seen");
    await leave();
  });

  test("the list narrows down by call, by kind and by verdict", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    await person.goTo(`${world.base}${LIST}`);
    const all = await found(page);

    await page.getByLabel("Call").selectOption({ label: "The front line" });
    await person.press("Find");
    const frontLine = await found(page);
    assert.ok(frontLine > 0 && frontLine < all, `${frontLine} of ${all}`);
    assert.equal(await page.getByLabel("Call").inputValue(), "front-line", "what was chosen stays chosen");

    await page.getByLabel("Verdict").selectOption({ label: "Failed" });
    await person.press("Find");
    const failed = await found(page);
    assert.ok(failed > 0 && failed < frontLine);
    const verdicts = await page.locator(".fm-verdict").allInnerTexts();
    assert.deepEqual([...new Set(verdicts)], ["Failed"]);

    await page.getByLabel("Verdict").selectOption({ label: "All" });
    await page.getByLabel("Call").selectOption({ label: "All" });
    await page.getByLabel("Who speaks").selectOption({ label: "a trade union" });
    await person.press("Find");
    const unions = await found(page);
    assert.ok(unions > 0 && unions < all);
    for (const entry of await page.locator(".fm-evidence").allInnerTexts()) assert.match(entry, /a trade union/);

    const kinds = await page.getByLabel("Who speaks").locator("option").evaluateAll((options) =>
      options.map((option) => option.value).filter(Boolean),
    );
    let sum = 0;
    for (const kind of kinds) {
      await person.goTo(`${world.base}${LIST}?kind=${kind}`);
      sum += (await page.locator(".fm-empty").count()) ? 0 : await found(page);
    }
    assert.equal(sum, all, "every contribution is of one kind");
    await person.press("Show everything");
    assert.equal(await found(page), all);
    await leave();
  });

  test("words are found, and marked where they stand", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    await person.goTo(`${world.base}${LIST}`);
    await page.getByLabel("Words").fill("library");
    await person.arrive(() => page.keyboard.press("Enter"));
    await page.getByRole("heading", { name: /^\d+ contributions?$/ }).waitFor();
    assert.match(page.url(), /q=library/);
    assert.match(await page.title(), /Contributions with “library”/);
    const marks = await page.locator("main mark").allInnerTexts();
    assert.ok(marks.length > 0, "hits are marked");
    for (const mark of marks) assert.match(mark, /librar/i);
    assert.equal(await page.getByLabel("Words").inputValue(), "library");

    await page.getByLabel("Words").fill("zyzzyva");
    await person.press("Find");
    assert.ok((await person.text()).includes("Nothing matches"));
    assert.ok((await person.text()).includes("Try other words"));
    await person.press("Show everything");

    for (const query of ['"', "a OR", "<script>alert(1)</script>", "%", "' or 1=1 --", "(", "*", "title:x"]) {
      const answer = await person.goTo(`${world.base}${LIST}?q=${encodeURIComponent(query)}`);
      assert.equal(answer.status(), 200, `“${query}” is looked for as it stands`);
      assert.equal(await page.getByLabel("Words").inputValue(), query);
    }
    for (const query of ["call=nothing", "kind=monarch", "verdict=superb", "after=nonsense", "q=&call=&kind="]) {
      const answer = await person.goTo(`${world.base}${LIST}?${query}`);
      assert.ok(answer.status() < 500, query);
    }
    await leave();
  });

  test("a search goes on over its pages", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    await person.goTo(`${world.base}${LIST}?q=council`);
    const total = await found(page);
    const seen = await references(page);
    while (await page.getByRole("link", { name: "More contributions" }).count()) {
      await person.press("More contributions");
      seen.push(...(await references(page)));
      assert.ok(seen.length <= total);
    }
    assert.ok(total > 20, "there is more than one page of it");
    assert.equal(new Set(seen).size, total);
    await leave();
  });

  test("a passage that was struck out is marked, with the reason", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    await person.goTo(`${world.base}${LIST}?q=help+desk+pressed+save`);
    const reference = await redacted(page);
    await person.goTo(`${world.base}${LIST}/${reference}`);
    const mark = page.locator(".fm-redacted").first();
    assert.match(await mark.innerText(), /names a/, "the reason stands in its place");
    assert.ok(!(await page.content()).includes("Thewlis"));
    await person.goTo(`${world.base}${LIST}?q=Thewlis-Marr`);
    assert.ok((await person.text()).includes("Nothing matches"), "nor does a search find it");
    await leave();
  });

  test("what the team strikes out while people read is gone at once", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    await person.goTo(`${world.base}${LIST}?call=access-and-skills&q=passport`);
    const asked = "What stops you, or people you know, from using public services online?";
    let reference;
    for (reference of await references(page)) {
      await person.goTo(`${world.base}${LIST}/${reference}`);
      if ((await page.locator(".fm-reading h2").first().innerText()) === asked) break;
    }
    // Letters and spaces only, so that it stands in the source of the page as it is read.
    const passage = /[A-Za-z ]{15,}/.exec(await page.locator(".fm-reading p").first().innerText())[0].trim();
    assert.ok((await get(world.address, new URL(page.url()).pathname)).body.includes(passage));
    const strike = ["--question", "barriers", "--passage", passage, "--reason", "names a third party"];
    await command(world.product, "redact", reference, ...strike);
    const { body } = await get(world.address, `${world.base}${LIST}/${reference}`);
    assert.ok(body.includes("names a third party"));
    assert.ok(!body.includes(passage));
    await leave();
  });

  test("what was written in another language than the page is marked so", async () => {
    const { page, leave } = await visitor(world);
    const person = new Person(page, "en");
    await person.goTo(`${world.base}${LIST}?q=llyfrgell`);
    const heading = page.locator(".fm-evidence h3").first();
    assert.equal(await heading.getAttribute("lang"), "cy");
    await heading.getByRole("link").click();
    await page.locator("article").waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal(await page.locator("h1").getAttribute("lang"), "cy");
    assert.equal(await page.locator(".fm-reading p[lang=cy]").count() > 0, true);
    await page.getByRole("link", { name: "Cymraeg" }).click();
    await page.locator("html[lang=cy] article").waitFor();
    assert.equal(await page.locator("h1").getAttribute("lang"), null, "on a Welsh page it needs no mark");
    assert.equal(await page.locator("article p[lang=cy]").count(), 0);

    await page.goto(`/cy${world.base}${LIST}?q=library`);
    assert.equal(await page.locator(".fm-evidence h3").first().getAttribute("lang"), "en");
    await leave();
  });

  test("a verdict is a shape and a word before it is a colour", async () => {
    for (const forcedColors of ["none", "active"]) {
      const { page, leave } = await visitor(world, { forcedColors });
      for (const verdict of ["works", "failed", "mixed"]) {
        await page.goto(`${world.base}${LIST}?verdict=${verdict}`);
        assert.ok((await verdictsHaveShapes(page)) > 0, verdict);
      }
      await page.goto(`${world.base}${LIST}?kind=individual`);
      await verdictsHaveShapes(page);
      await leave();
    }
  });

  test("the feed is Atom, in both languages and for a part of the list", async () => {
    const { page, leave } = await visitor(world);
    await page.goto(`${world.base}${LIST}?call=front-line`);
    const address = await page.getByRole("link", { name: "Follow by feed" }).getAttribute("href");
    assert.match(address, /contributions\.atom\?call=front-line$/);
    for (const path of [address, `${world.base}${LIST}.atom`, `/cy${world.base}${LIST}.atom`]) {
      const { headers, body } = await get(world.address, path);
      assert.equal(headers["content-type"], "application/atom+xml; charset=utf-8");
      const feed = await page.evaluate((text) => {
        const document = new DOMParser().parseFromString(text, "application/xml");
        const texts = (name) => [...document.querySelectorAll(name)].map((element) => element.textContent);
        return {
          broken: document.querySelector("parsererror")?.textContent,
          root: `${document.documentElement.namespaceURI} ${document.documentElement.localName}`,
          language: document.documentElement.getAttribute("xml:lang"),
          self: document.querySelector("feed > link[rel=self]")?.getAttribute("href"),
          ids: texts("entry > id"),
          updated: texts("feed > updated, entry > updated"),
          links: [...document.querySelectorAll("entry > link")].map((link) => link.getAttribute("href")),
        };
      }, body);
      assert.equal(feed.broken, undefined);
      assert.equal(feed.root, "http://www.w3.org/2005/Atom feed");
      assert.equal(feed.language, path.startsWith("/cy") ? "cy" : "en");
      assert.equal(feed.self, `${world.address}${path}`);
      assert.ok(feed.ids.length > 0 && feed.ids.length <= 50);
      assert.equal(new Set(feed.ids).size, feed.ids.length);
      for (const moment of feed.updated) assert.ok(!Number.isNaN(Date.parse(moment)), moment);
      const first = await get(world.address, new URL(feed.links[0]).pathname);
      assert.equal(first.status, 200, feed.links[0]);
    }
    await leave();
  });

  test("reading leaves no cookie behind", async () => {
    const { page, context, leave } = await visitor(world);
    const paths = ["", "/about", "/privacy", "/accessibility", "/calls", "/calls/front-line", LIST, `${LIST}?q=bus`, `${LIST}.atom`, "/receipt"];
    for (const prefix of ["", "/cy"]) {
      for (const path of paths) {
        const { headers } = await get(world.address, `${prefix}${world.base}${path}`);
        assert.equal(headers["set-cookie"], undefined, path);
        if (!path.endsWith(".atom")) await page.goto(`${prefix}${world.base}${path}`);
      }
    }
    assert.deepEqual(await context.cookies(), []);
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length]);
    assert.deepEqual(kept, [0, 0]);
    await leave();
  });
});

/** How many contributions the heading of the list counts. */
async function found(page) {
  const heading = await page.getByRole("heading", { name: /^[\d,]+ contributions?$/ }).innerText();
  return Number(heading.replace(/\D/g, ""));
}

/** The references on a page of the list. */
async function references(page) {
  const links = await page.locator(".fm-evidence h3 a").evaluateAll((all) => all.map((link) => link.href));
  return links.map((link) => new URL(link).pathname.split("/").pop());
}

/** The first of the listed contributions in which something was struck out. */
async function redacted(page) {
  for (const reference of await references(page)) {
    const { body } = await get(world.address, `${world.base}${LIST}/${reference}`);
    if (body.includes("fm-redacted")) return reference;
  }
  assert.fail("none of them has a passage struck out");
}
