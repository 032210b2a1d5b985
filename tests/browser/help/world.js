// What journeys share: one browser for all of them, and a product of its own for each kind of journey, so that none
// meets what another left behind, or uses up the number of forms that one address may send in a minute.

import { spawnSync } from "node:child_process";
import { after, before, describe } from "node:test";
import * as browser from "./browser.js";
import * as product from "./product.js";

/** Filled when journeys begin; they read it when they run, not when they are described. */
export const world = { base: `/r/${product.REVIEW}` };

/** What is missing before journeys can begin, in one sentence. */
export function missing() {
  return browser.missing() ?? product.missing() ?? java();
}

/**
 * How long journeys of one kind may take, and what is made ready for them or cleared away: what hangs is to be named.
 * And how long the process goes on when all is done.
 */
const LONGEST = { journeys: 2_400_000, around: 600_000, ending: 10_000 };

/** Journeys of one kind, with a product of their own; `serve` holds options of `folkmoot serve`, if it is to run. */
export function journeys(name, { serve = [], ...options }, describeThem) {
  describe(name, { timeout: LONGEST.journeys, ...options }, () => {
    before(() => begin(serve), { timeout: LONGEST.around });
    after(stop, { timeout: LONGEST.around });
    describeThem();
  });
}

/** What `promise` comes to; after so many milliseconds without that, an error that says what was waited for. */
export async function within(milliseconds, what, promise) {
  let late;
  const waited = new Promise((_, reject) => {
    late = setTimeout(() => reject(new Error(`${what}: nothing after ${milliseconds / 1_000} s`)), milliseconds);
  });
  try {
    return await Promise.race([promise, waited]);
  } finally {
    clearTimeout(late);
  }
}

/** Starts a product, with options of `serve` if it is to be that, and the browser if there is none yet. */
export async function begin(serve = []) {
  world.product = await product.start(serve);
  world.address = world.product.address;
  world.browser ??= await browser.launch();
}

/** Stops the product. */
export async function stop() {
  await world.product?.stop();
}

/** Ends the browser, and with it this process: a browser that does not end would keep it. */
export async function end() {
  if (world.browser) await browser.closed(world.browser);
  setTimeout(() => process.exit(), LONGEST.ending).unref();
}

function java() {
  if (spawnSync("java", ["-version"]).error) {
    return 'There is no Java for the checker of HTML: install it with "apt-get install default-jre-headless".';
  }
}
