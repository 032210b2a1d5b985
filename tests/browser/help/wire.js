// Pages as they come over the wire: what the browser hides is how many bytes they are.

import http from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

const DECODERS = { br: brotliDecompressSync, gzip: gunzipSync };

/** How long an answer may be silent. */
const SILENCE = 15_000;

/** Fetches an address. `size` counts the bytes of the body as they were sent. */
export function get(origin, path, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = http.get(new URL(path, origin), { headers: { "accept-encoding": "br", ...headers }, timeout: SILENCE }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const sent = Buffer.concat(parts);
        const encoding = answer.headers["content-encoding"];
        const body = (encoding ? DECODERS[encoding](sent) : sent).toString("utf8");
        resolve({ status: answer.statusCode, headers: answer.headers, encoding, size: sent.length, body });
      });
    });
    request.on("error", reject);
    request.on("timeout", () => request.destroy(new Error(`${path} does not answer`)));
  });
}
