// Somebody narrows down what has been heard, reads one after the other, and cites a passage: with and without JavaScript,
// and with nothing but a keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { fits, isWelsh, verdictsHaveShapes } from "../help/look.js";
import { KeyboardPerson, Person } from "../help/person.js";
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
      await person.press("Remove Service: bus ×");
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
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Nothing matches" }).waitFor();
    await person.press("Show everything");
    assert.ok((await verdictsHaveShapes(page)) > 0);
    await leave();
  });

  test("it reads in Welsh, and on a narrow screen", async () => {
    const { page, leave } = await visitor(world, { viewport: { width: 320, height: 640 } });
    for (const path of [`${LIST}?service=bws&from=2020-01-01&late=yes`, `${LIST}?verdict=works`, "/examples"]) {
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
