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

/** Journeys of one kind, with a product of their own; `serve` holds options of `folkmoot serve`, if it is to run. */
export function journeys(name, { serve = [], ...options }, describeThem) {
  describe(name, options, () => {
    before(() => begin(serve));
    after(stop);
    describeThem();
  });
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

/** Ends the browser. */
export async function end() {
  await world.browser?.close();
}

function java() {
  if (spawnSync("java", ["-version"]).error) {
    return 'There is no Java for the checker of HTML: install it with "apt-get install default-jre-headless".';
  }
}
