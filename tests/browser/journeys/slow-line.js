// Somebody comes for the first time, on a line as slow as 2G: the page is drawn with its first answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { visitor } from "../help/browser.js";
import { get } from "../help/wire.js";
import { journeys, world } from "../help/world.js";

/** 35 kbit/s, and 800 ms until anything comes back. */
const SLOW = { offline: false, downloadThroughput: 35_000 / 8, uploadThroughput: 35_000 / 8, latency: 800 };

journeys("on a slow line", {}, () => {
  test("the first page needs no second answer to be drawn, and is drawn in time", async (t) => {
    const { page, leave } = await visitor(world);
    const client = await page.context().newCDPSession(page);
    await client.send("Network.enable");
    await client.send("Network.emulateNetworkConditions", SLOW);
    await page.goto(`${world.base}/calls/access-and-skills`, { waitUntil: "load" });
    const drawn = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);
    const blocking = await page.locator("head link[rel=stylesheet], main link[rel=stylesheet]").count();
    t.diagnostic(`first paint after ${Math.round(drawn)} ms at 35 kbit/s, gzip`);
    assert.equal(blocking, 0, "no style sheet has to be asked for first");
    // Not how long it takes, which depends on the machine, but how much must have come before there is something to see.
    const { body } = await get(world.address, `${world.base}/calls/access-and-skills`, { "sec-fetch-site": "none" });
    const [before] = body.split("</h1>");
    assert.ok(before.length < body.length);
    const bytes = gzipSync(before).length;
    t.diagnostic(`${bytes} bytes of gzip until there is a heading`);
    assert.ok(bytes <= 9_000, `${bytes} bytes until there is a heading`);
    await leave();
  });
});
