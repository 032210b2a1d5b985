// One browser for all journeys, and visitors who have nothing in common with one another.
//
// Whatever a journey is about, every answer that a visitor gets is watched: its headers, where it came from, and what
// the browser complained about. A visitor who leaves says what was wrong.

import assert from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";

const args = [
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  // Nothing leaves this machine, whatever a page or the browser itself may want.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/** How long the browser may take to close something. */
const CLOSES_WITHIN = 10_000;

/** What every answer says, to keep a page of a review from doing anything but being read and answered. */
const HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** What is missing before a browser can be started, in one sentence; nothing if all is there. */
export function missing() {
  try {
    accessSync(executablePath, constants.X_OK);
  } catch {
    return `There is no Chromium at ${executablePath}: install it with "apt-get install chromium", or name it in CHROMIUM.`;
  }
}

/** Starts the browser. */
export function launch() {
  return chromium.launch({ executablePath, args });
}

/** What is wrong with the headers of an answer. */
export function badHeaders(headers) {
  const wrong = Object.entries(HEADERS)
    .filter(([name, value]) => headers[name] !== value)
    .map(([name]) => `${name}: ${headers[name] ?? "is missing"}`);
  const policy = headers["content-security-policy"] ?? "";
  if (!policy.includes("default-src 'none'") || policy.includes("unsafe-") || policy.includes("*")) {
    wrong.push(`content-security-policy: ${policy || "is missing"}`);
  }
  return wrong;
}

/**
 * A visitor who has never been here, with a page open.
 *
 * `options` are those of a browser context: `javaScriptEnabled`, `viewport`, `forcedColors`, ….
 */
export async function visitor(world, options = {}) {
  const context = await world.browser.newContext({
    baseURL: world.address,
    viewport: { width: 1180, height: 900 },
    locale: "en-GB",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const faults = [];
  context.on("request", (request) => {
    if (new URL(request.url()).origin !== world.address) faults.push(`asks elsewhere: ${request.url()}`);
  });
  context.on("response", (response) => {
    for (const wrong of badHeaders(response.headers())) faults.push(`${response.url()}: ${wrong}`);
    if (response.status() >= 500) faults.push(`${response.url()}: ${response.status()}`);
  });
  context.on("weberror", (error) => faults.push(`script: ${error.error()}`));
  context.on("console", (message) => {
    const of = message.page()?.url();
    // The browser complains of every page that is an error page; a journey looks at its status itself.
    const expected = message.text().startsWith("Failed to load resource") && message.location().url === of;
    if (["error", "warning"].includes(message.type()) && !expected) faults.push(`console of ${of}: ${message.text()}`);
  });
  const page = await context.newPage();
  const leave = async () => {
    await closed(context);
    assert.deepEqual([...new Set(faults)], []);
  };
  return { context, page, leave };
}

/**
 * Closes a context or the browser, or goes on without: now and then Chromium never says that a page is closed, and
 * nobody who visits pages would wait for that.
 */
export function closed(open) {
  return Promise.race([open.close(), new Promise((resolve) => setTimeout(resolve, CLOSES_WITHIN).unref())]);
}

/** Does something that leads to another page, and waits until that has loaded. Gives back the answer. */
export async function arriving(page, act) {
  const answered = page.waitForResponse(
    (response) => response.request().isNavigationRequest() && !redirects(response.status()),
  );
  const loaded = page.waitForEvent("load");
  const [response] = await Promise.all([answered, loaded, act()]);
  return response;
}

function redirects(status) {
  return status >= 300 && status < 400;
}
