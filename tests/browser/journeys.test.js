// The journeys of people through the pages of a review. One product and one browser serve them all, so this is the one
// file that the runner starts; what people do stands in journeys/.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { begin, end, missing } from "./help/world.js";

const reason = missing();

if (reason) {
  test("what the journeys need is there", () => assert.fail(reason));
} else {
  before(begin);
  after(end);
  const only = process.env.JOURNEYS?.split(",") ?? ["give-evidence", "mistakes", "read", "every-page"];
  for (const name of only) await import(`./journeys/${name}.js`);
}
