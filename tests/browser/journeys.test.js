// The journeys of people through the pages of a review. One browser serves them all, so this is the one file that the
// runner starts; what people do stands in journeys/. JOURNEYS=read,print goes on some of them only.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { end, missing } from "./help/world.js";

const ALL = [
  "give-evidence", "kinds", "files", "mistakes", "read", "reading", "every-page", "print", "slow-line", "support",
  "helping", "keeping",
  "telling", "after", "register", "verify", "flood",
];
const reason = missing();

if (reason) {
  test("what the journeys need is there", () => assert.fail(reason));
} else {
  after(end);
  for (const name of process.env.JOURNEYS?.split(",") ?? ALL) await import(`./journeys/${name}.js`);
}
