// The product under test: `folkmoot demo` on a free port, or `folkmoot serve` with what it has told, with its data in a
// folder that goes away with it.

import { execFile, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** The review of the demonstration. */
export const REVIEW = "digital-government";
/** How long the demonstration may take to set itself up, or a command to be done, on a busy machine. */
const PATIENCE = 60_000;
/** How long a node may take to stop: what is under way has ten seconds. */
const STOPS_WITHIN = 30_000;

const target = process.env.CARGO_TARGET_DIR || join(homedir(), ".cache/folkmoot/target");
const binary = process.env.FOLKMOOT_BINARY || join(target, "debug/folkmoot");

/** What is missing before the product can be started, in one sentence; nothing if all is there. */
export function missing() {
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    return `There is no folkmoot binary at ${binary}: build it with "cargo build -p folkmoot", or name it in FOLKMOOT_BINARY.`;
  }
}

/**
 * Starts the demonstration and waits until it is ready. With options of `serve`, that serves what the demonstration has
 * told, with the limits that people meet.
 */
export async function start(options = []) {
  const data = await mkdtemp(join(tmpdir(), "folkmoot-journeys-"));
  const forget = () => rm(data, { recursive: true, force: true });
  try {
    const demo = await run(["demo"], data, "stdout", /at http:\/\/(\S+)/);
    if (options.length === 0) return { ...demo, stop: () => demo.end().then(forget) };
    await demo.end();
    const node = await run(["serve", ...options], data, "stderr", /"address":"([^"]+)"/);
    return { ...node, stop: () => node.end().then(forget) };
  } catch (error) {
    await forget();
    throw error;
  }
}

/** Runs a node on a free port and waits until it is ready; `pattern` finds its address in what it says. */
async function run(command, data, output, pattern) {
  const child = spawn(binary, [...command, "--listen", "127.0.0.1:0", "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = [];
  const ended = new Promise((resolve) => child.once("close", resolve));
  // Should the run itself be broken off, nothing of it goes on.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  async function end() {
    child.kill("SIGTERM");
    const late = setTimeout(kill, STOPS_WITHIN);
    await ended;
    clearTimeout(late);
    process.off("exit", kill);
    if (child.signalCode === "SIGKILL") throw new Error(`${command} does not stop\n${log.join("")}`);
  }

  try {
    child.stdout.resume();
    child.stderr.on("data", (text) => log.push(text));
    const address = `http://${await said(child[output], pattern, ended)}`;
    const ready = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(PATIENCE) });
    if (!ready.ok) throw new Error(`/readyz answers ${ready.status}`);
    return { address, data, end, log: () => log.join("") };
  } catch (error) {
    await end().catch(() => {});
    throw new Error(`${command[0]} does not start: ${error.message}\n${log.join("")}`);
  }
}

/** Runs a command of the product on the data of the demonstration, and gives back what it says. */
export async function command(product, name, ...rest) {
  const options = ["--review", REVIEW, "--data", product.data, ...rest];
  const { stdout } = await promisify(execFile)(binary, [...name.split(" "), ...options], { timeout: PATIENCE });
  return stdout;
}

/** Waits for a line of the output that `pattern` finds, and gives back its first group. */
function said(output, pattern, ended) {
  return new Promise((resolve, reject) => {
    let text = "";
    const late = setTimeout(() => reject(new Error("it is silent")), PATIENCE);
    output.on("data", (more) => {
      text += more;
      const found = pattern.exec(text);
      if (found) {
        clearTimeout(late);
        resolve(found[1]);
      }
    });
    ended.then(() => {
      clearTimeout(late);
      reject(new Error("it ended"));
    });
  });
}
