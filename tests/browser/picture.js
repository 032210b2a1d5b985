// The picture of the first page in the README: `node picture.js ../../docs/screenshot.png`.

import { begin, end, missing, stop, world } from "./help/world.js";
import { visitor } from "./help/browser.js";

const [path] = process.argv.slice(2);
const reason = path ? missing() : "Say where the picture shall go: node picture.js ../../docs/screenshot.png";
if (reason) {
  console.error(reason);
  process.exit(1);
}

try {
  await begin();
  const { page, leave } = await visitor(world, { viewport: { width: 1180, height: 1200 } });
  await page.goto(world.base);
  await page.screenshot({ path });
  await leave();
} finally {
  await stop();
  await end();
}
