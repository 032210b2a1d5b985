// Somebody narrows down what has been heard, reads one after the other, and cites a passage: with and without JavaScript,
// and with nothing but a keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { fits, isWelsh, verdictsHaveShapes } from "../help/look.js";
import { KeyboardPerson, Person } from "../help/person.js";
import { command } from "../help/product.js";
import { get } from "../help/wire.js";
import { journeys, world } from "../help/world.js";

const LIST = "/contributions";

journeys("reading further", { concurrency: 2 }, () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`filters are put together and taken away, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
      const { page, leave } = await visitor(world, { javaScriptEnabled });
      const person = new Person(page, "en");
      await person.goTo(`${world.base}${LIST}`);
      await page.getByText("More ways to narrow down").click();
      await person.write("Service", "bus");
      await page.getByLabel("Verdict").selectOption({ label: "Failed" });
      await page.getByLabel("Written in").selectOption({ label: "English" });
      await person.press("Find");
      const narrow = await found(page);
      assert.ok(await page.getByLabel("Service", { exact: true }).isVisible(), "what is asked for stays unfolded");
      await person.press("Remove Service: bus");
      const wider = await found(page);
      assert.ok(narrow > 0 && wider > narrow, `${narrow} of ${wider}`);
      assert.equal(await page.getByLabel("Verdict").inputValue(), "failed", "and the others stay");
      await person.press("Show everything");
      assert.ok((await found(page)) > wider);
      await leave();
    });

    test(`one leads to the next of what was found, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
      const { page, leave } = await visitor(world, { javaScriptEnabled });
      const person = new Person(page, "en");
      await person.goTo(`${world.base}${LIST}?q=library&verdict=failed`);
      const total = await found(page);
      await page.locator(".fm-evidence h3 a").first().click();
      const seen = new Set();
      for (;;) {
        await page.locator("article").waitFor();
        seen.add(new URL(page.url()).pathname);
        assert.ok((await page.locator("article mark").count()) > 0, "hits are marked where one reads");
        if (!(await page.getByRole("link", { name: "Next of what was found" }).count())) break;
        await person.press("Next of what was found");
      }
      assert.equal(seen.size, total);
      await person.press("Back to what was found");
      assert.equal(await found(page), total);
      await leave();
    });
  }

  test("a passage has an address, and a citation leads to it", async () => {
    const { page, leave } = await visitor(world, { javaScriptEnabled: false });
    const person = new Person(page, "en");
    await person.goTo(`${world.base}${LIST}?call=access-and-skills&q=library`);
    await page.locator(".fm-evidence h3 a").first().click();
    await page.locator("article").waitFor();
    await person.press("Cite this");
    assert.match(await person.text(), /evidence to Digital Government Review, DGR-\w{3}-\w{4}, published \d+ \w+ \d{4}/);
    const link = page.locator("ol.govuk-list a").first();
    const address = await link.getAttribute("href");
    assert.match(address, /#answer\.[a-z-]+\.1:~:text=\w/);
    await page.goto(address);
    const id = decodeURIComponent(address.split("#")[1].split(":~:")[0]);
    assert.ok(await page.locator(`[id="${id}"]`).isVisible());
    await leave();
  });

  test("the gallery, with a keyboard alone", async () => {
    const { page, leave } = await visitor(world);
    const person = new KeyboardPerson(page, "en");
    await person.goTo(`${world.base}/examples`);
    await person.press(await named(page, /^Failed \(/));
    assert.deepEqual([...new Set(await page.locator(".fm-card .fm-verdict").allInnerTexts())], ["Failed"]);
    await person.write("Place", "zyzzyva");
    await person.arrive(() => page.keyboard.press("Enter"));
    await page.getByRole("heading", { name: "Nothing matches" }).waitFor();
    await person.press("Show everything");
    assert.ok((await verdictsHaveShapes(page)) > 0);
    await leave();
  });

  for (const javaScriptEnabled of [true, false]) {
    test(`a body takes up a model, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
      const { page, leave } = await visitor(world, { javaScriptEnabled });
      const person = new Person(page, "en");
      await person.goTo(`${world.base}/examples`);
      await person.press(await named(page, /^Models \(/));
      await page.locator(".fm-card .fm-meta a").first().click();
      await page.getByRole("heading", { name: "Who will take this up" }).waitFor();
      await person.write("What you mean to do, in a sentence (optional)", "In spring, at every desk.");
      await person.press("Send it to the team");
      assert.match(await person.text(), /Write the name of the body/);
      assert.equal(await page.locator("#sentence").inputValue(), "In spring, at every desk.", "what was typed is kept");
      await person.press("Cymraeg");
      assert.equal(await page.locator("html").getAttribute("lang"), "cy");
      assert.equal(await page.locator("#sentence").inputValue(), "In spring, at every desk.", "in the other language too");
      await person.press("English");
      const body = `Council of ${javaScriptEnabled ? "Barry" : "Neath"}`;
      await person.write("Name of the body", body);
      await person.write("How the team can reach you", "team@barry.example");
      await person.press("Send it to the team");
      assert.match(await person.text(), /Thank you. The team has it./);
      assert.ok(!(await person.text()).includes(body), "it waits for the team");
      const listed = await command(world.product, "take-up list");
      const [, id] = new RegExp(`(\\S+) waiting \\S+ \\S+\\n\\s+${body}; team@barry`).exec(listed);
      await command(world.product, "take-up show", id);
      await page.reload();
      const shown = await page.content();
      assert.ok(shown.includes(body) && shown.includes("In spring, at every desk.") && !shown.includes("team@barry"));
      await leave();
    });
  }

  test("figures are read, and taken away as a table", async () => {
    const { page, leave } = await visitor(world, { javaScriptEnabled: false });
    const person = new Person(page, "en");
    await person.goTo(`${world.base}${LIST}`);
    for (let looks = 0; looks < 60; looks += 1) {
      await person.press("Figures");
      if (!(await page.locator(".fm-empty").count())) break;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.match(await person.text(), /About \d+ contributions, as counted on/);
    assert.match(await person.text(), /Most often: an individual/);
    const numbers = await page.locator(".fm-bars td").allInnerTexts();
    for (const number of numbers) assert.match(number.trim(), /^(not shown|[\d,]*[05])$/, "rounded to 5, or hidden");
    const address = await page.getByRole("link", { name: /CSV.*Who spoke/ }).getAttribute("href");
    const table = await get(world.address, address);
    assert.equal(table.headers["content-type"], "text/csv; charset=utf-8");
    assert.match(table.body, /^figure,key,label,count\r\nkinds,individual,an individual,\d+\r\n/);
    await person.press("Map");
    assert.equal(await page.locator("main svg[aria-hidden=true] rect[x]").count(), 12);
    assert.ok((await page.locator(".fm-bars").count()) >= 1, "what the map shows stands in a table too");
    await leave();
  });

  test("it reads in Welsh, and on a narrow screen", async () => {
    const { page, leave } = await visitor(world, { viewport: { width: 320, height: 640 } });
    const lists = [`${LIST}?service=bws&from=2020-01-01&late=yes`, `${LIST}?verdict=works`];
    for (const path of [...lists, "/examples", "/heard", "/places"]) {
      await page.goto(`/cy${world.base}${path}`);
      await isWelsh(page);
      await fits(page);
    }
    await leave();
  });
});

/** How many contributions the heading of the list counts. */
async function found(page) {
  const heading = await page.getByRole("heading", { name: /^[\d,]+ contributions?$/ }).innerText();
  return Number(heading.replace(/\D/g, ""));
}

/** The whole name of the link that begins so. */
async function named(page, beginning) {
  return (await page.getByRole("link", { name: beginning }).first().innerText()).trim();
}
