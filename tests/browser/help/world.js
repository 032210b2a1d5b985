// What all journeys share: the product, and the browser that visits it.

import * as product from "./product.js";
import * as browser from "./browser.js";

/** What is missing before journeys can begin, in one sentence. */
export function missing() {
  return browser.missing() ?? product.missing();
}

/** Filled by `begin`; journeys read it when they run, not when they are described. */
export const world = {};

/** Starts everything. */
export async function begin() {
  world.product = await product.start();
  world.address = world.product.address;
  world.base = `/r/${product.REVIEW}`;
  world.browser = await browser.launch();
}

/** Ends everything. */
export async function end() {
  await world.browser?.close();
  await world.product?.stop();
}
