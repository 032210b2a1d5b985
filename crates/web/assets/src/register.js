// Verifies a receipt of the register, as docs/register.md describes it, with nothing but the browser's own digests and
// signatures. Knows no page: verify.js shows what it finds.

const text = new TextEncoder();

/** Whether the browser can do it: http pages have no digests, and older browsers no Ed25519. */
export async function able() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

const fail = (why) => {
  throw new Error(why);
};
const digest = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

function join(...parts) {
  const lists = parts.map((part) => (typeof part === "number" ? [part] : [...part]));
  return Uint8Array.from(lists.flat());
}

/** Bytes from base64, written in the one way in which they can be. */
function bytes(encoded, length) {
  let decoded = "";
  try {
    decoded = atob(encoded);
  } catch {
    fail("base64");
  }
  if (btoa(decoded) !== encoded || (length && decoded.length !== length)) fail("base64");
  return Uint8Array.from(decoded, (char) => char.charCodeAt(0));
}

function number(digits) {
  return /^(0|[1-9]\d{0,15})$/.test(digits) && Number.isSafeInteger(+digits) ? +digits : fail("number");
}

/** What stands behind `name` in a line. */
const field = (line, name) => (line?.startsWith(`${name} `) ? line.slice(name.length + 1) : fail(name));

/** Text up to the first empty line, and what follows. */
function halves(whole) {
  const at = whole.indexOf("\n\n");
  return at < 0 ? fail("empty line") : [whole.slice(0, at).split("\n"), whole.slice(at + 2)];
}

function note(whole) {
  const at = whole.lastIndexOf("\n\n");
  if (at < 0 || !whole.endsWith("\n")) fail("note");
  const signatures = whole
    .slice(at + 2, -1)
    .split("\n")
    .map((line) => {
      const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? fail("signature");
      const all = bytes(encoded);
      return { name, id: all.slice(0, 4), bytes: all.slice(4) };
    });
  return { text: whole.slice(0, at + 1), signatures };
}

const CLASSES = ["public", "unnamed", "use-only", "sealed"];

/** Reads a receipt, a bare proof or a bare promise; verifies nothing. */
export function parse(whole) {
  if (!whole.startsWith("folkmoot-receipt/")) return { said: evidence(whole) };
  const [[first, salt, terms, content, ...more], rest] = halves(whole);
  if (first !== "folkmoot-receipt/v1" || more.length) fail("receipt");
  const read = { salt: bytes(field(salt, "salt"), 32), terms: field(terms, "class"), content: field(content, "content") };
  if (!CLASSES.includes(read.terms)) fail("class");
  return { ...read, said: evidence(rest) };
}

function evidence(whole) {
  if (whole.startsWith("register-promise/v1\n")) {
    const signed = note(whole);
    const [, origin, review, commitment, deadline] = signed.text.split("\n");
    return {
      note: signed,
      origin: field(origin, "origin"),
      review: field(review, "review"),
      commitment: bytes(field(commitment, "commitment"), 32),
      deadline: number(field(deadline, "deadline")),
    };
  }
  const [[first, ...lines], rest] = halves(whole);
  if (first !== "c2sp.org/tlog-proof@v1") fail("proof");
  const leaf = bytes(field(lines.shift(), "extra"), 64);
  const index = number(field(lines.shift(), "index"));
  const path = lines.map((line) => bytes(line, 32));
  const signed = note(rest);
  const [origin, size, root] = signed.text.split("\n");
  return { note: signed, origin, leaf, index, path, size: number(size), root: bytes(root, 32), ...said(leaf) };
}

/** What a leaf says: its review, its day, and the commitment if it is a contribution. */
function said(leaf) {
  if (String.fromCharCode(...leaf.slice(0, 3)) !== "ev1") fail("leaf");
  return {
    review: [...leaf.slice(4, 20)].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    day: new DataView(leaf.buffer).getUint32(20),
    commitment: leaf[3] === 1 ? leaf.slice(24, 56) : null,
  };
}

/** Whether content, terms and salt give the commitment. */
export async function opens({ salt, terms, content, said }) {
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const message = join(await digest(text.encode(content)), CLASSES.indexOf(terms) + 1);
  const commitment = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  return said.commitment !== null && same(commitment, said.commitment);
}

/** Whether the leaf leads to the root (RFC 9162, section 2.1.3.2). */
export async function included({ leaf, index, path, size, root }) {
  if (index >= size) return false;
  const half = (place) => Math.floor(place / 2);
  let [at, last, hash] = [index, size - 1, await digest(0, leaf)];
  for (const beside of path) {
    if (!last) return false;
    while (at % 2 === 0 && at === last && at) [at, last] = [half(at), half(last)];
    hash = at % 2 ? await digest(1, beside, hash) : await digest(1, hash, beside);
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && same(hash, root);
}

async function key(written, kind) {
  const [name, id, ...rest] = written.split("+");
  const raw = bytes(rest.join("+"), 33);
  const first = (await digest(text.encode(`${name}\n`), raw)).slice(0, 4);
  const hex = [...first].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!name || raw[0] !== kind || hex !== id) fail("key");
  return { name, id: first, key: await crypto.subtle.importKey("raw", raw.slice(1), "Ed25519", false, ["verify"]) };
}

/** Reads a policy (C2SP tlog-policy): keys of logs and witnesses, and which of them it takes. */
export async function policy(whole) {
  const read = { logs: [], witnesses: [] };
  const rules = new Map([["none", { none: true }]]);
  for (const line of whole.split("\n")) {
    const [kind, name, ...rest] = line.split(/[ \t\r]+/).filter(Boolean);
    if (!kind || kind[0] === "#") continue;
    if (kind === "log") read.logs.push(await key(name, 1));
    else if (kind === "witness") {
      read.witnesses.push(await key(rest[0], 4));
      rules.set(name, { witness: read.witnesses.length - 1 });
    } else if (kind === "group") {
      const members = rest.slice(1).map((member) => rules.get(member) ?? fail("group"));
      const needed = { any: 1, all: members.length }[rest[0]] ?? number(rest[0]);
      if (!needed || needed > members.length) fail("group");
      rules.set(name, { needed, members });
    } else if (kind === "quorum" && !read.quorum) read.quorum = rules.get(name) ?? fail("quorum");
    else fail("policy");
  }
  return read.quorum ? read : fail("quorum");
}

/** The keys of a list that have signed, each with the time it states. A line in the name of a key that is not by it is a forgery. */
async function signed({ text: message, signatures }, keys, cosigned) {
  const found = [];
  for (const { name, id, bytes: all } of signatures) {
    for (const [place, known] of keys.entries()) {
      if (known.name !== name || !same(known.id, id)) continue;
      if (all.length !== (cosigned ? 72 : 64)) fail("forged");
      const time = cosigned ? Number(new DataView(all.buffer).getBigUint64(0)) : 0;
      const before = cosigned ? `cosignature/v1\ntime ${time}\n` : "";
      if (!(await crypto.subtle.verify("Ed25519", known.key, all.slice(-64), text.encode(before + message)))) fail("forged");
      found.push({ place, name, time });
    }
  }
  return found;
}

/** Who of those that the policy believes has signed: the log, and as many witnesses as it asks for? */
export async function believed({ note: signedNote, origin, leaf }, { logs, witnesses, quorum }) {
  try {
    const by = await signed(signedNote, logs.filter(({ name }) => name === origin), false);
    const cosigned = leaf ? await signed(signedNote, witnesses, true) : [];
    const holds = (rule) =>
      rule.none ||
      (rule.members ? rule.members.filter(holds).length >= rule.needed : cosigned.some(({ place }) => place === rule.witness));
    return { log: by.length > 0, witnesses: cosigned, enough: !leaf || holds(quorum) };
  } catch {
    return { log: false, witnesses: [], enough: false };
  }
}
