// Very many send at once: somebody is asked for patience, or lets their device work, and either way everything arrives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { visitor } from "../help/browser.js";
import { nearlyGive } from "../help/evidence.js";
import { fits } from "../help/look.js";
import { Person } from "../help/person.js";
import { command } from "../help/product.js";
import { say } from "../help/words.js";
import { journeys, world } from "../help/world.js";

/** How long patience takes, and a second more. */
const PATIENCE = 31_000;

/** Whom a flood keeps waiting, and what they say. */
const THREE = ["Nobody answers the telephone.", "The form forgot me.", "Mae'r llyfrgell ar gau."];

/** The reference on the receipt that stands open; what was said is all in the copy. */
async function received(person, text) {
  const reference = (await person.page.locator(".fm-receipt__ref").innerText()).trim();
  await person.press(say(person.language, "receipt-copy"));
  assert.ok((await person.text()).includes(text), reference);
  return reference;
}

journeys("a flood", { serve: ["--sent-per-minute", "1"] }, () => {
  const slowed = [];

  test("who comes first is not kept waiting; a device then works for a moment, and nobody has to do anything", async () => {
    const [first, second] = [await visitor(world), await visitor(world)];
    const people = [first, second].map(({ page }) => new Person(page, "en"));
    await nearlyGive(people[0], THREE[0]);
    await nearlyGive(people[1], THREE[1]);
    // What is counted is begun anew with the minute: both are to send in the same.
    const left = 60 - new Date().getSeconds();
    if (left < 15) await first.page.waitForTimeout(left * 1_000);
    const answer = await people[0].press(say("en", "about-you-silent"));
    assert.equal(answer.status(), 200);
    await received(people[0], THREE[0]);

    const asked = second.page.waitForResponse((response) => response.status() === 429);
    await second.page.getByRole("button", { name: say("en", "about-you-silent"), exact: true }).click();
    await asked;
    // How long a proof takes is a matter of luck, and of what else the computer has to do.
    await second.page.locator(".fm-receipt__ref").waitFor({ timeout: 180_000 });
    slowed.push(await received(people[1], THREE[1]));
    for (const { leave } of [first, second]) await leave();
  });

  test("without JavaScript half a minute of patience does the same, in Welsh, 320 pixels wide", async () => {
    const { page, leave } = await visitor(world, { javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
    const person = new Person(page, "cy");
    await nearlyGive(person, THREE[2]);
    for (const button of ["about-you-silent", "send"]) {
      const answer = await person.press(say("cy", button));
      assert.equal(answer.status(), 429, "too early");
      assert.equal(await person.heading(), say("cy", "patience-heading"));
      assert.ok((await person.text()).includes(say("cy", "patience-saved")));
      await fits(page);
    }
    await page.waitForTimeout(PATIENCE);
    await person.press(say("cy", "send"));
    slowed.push(await received(person, THREE[2]));
    await leave();
  });

  test("the team sees who was slowed, and nothing is lost", async () => {
    const listed = await command(world.product, "spam list", "--sign", "flood");
    assert.equal(slowed.length, 2);
    for (const reference of slowed) assert.ok(listed.includes(reference), listed);
  });
});
