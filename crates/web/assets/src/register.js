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

/** What was brought is not of the form: the page says so, in words of its own. */
const fail = () => {
  throw new Error();
};
const digest = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

function join(...parts) {
  const lists = parts.map((part) => (typeof part === "number" ? [part] : [...part]));
  return Uint8Array.from(lists.flat());
}

/** Bytes from base64, written in the one way in which they can be. */
function bytes(encoded, length) {
  const decoded = atob(encoded);
  if (btoa(decoded) !== encoded || (length && decoded.length !== length)) fail();
  return Uint8Array.from(decoded, (char) => char.charCodeAt(0));
}

const hex = (list) => [...list].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const number = (digits) => (/^(0|[1-9]\d{0,14})$/.test(digits) ? +digits : fail());

/** No control characters but line breaks, and tabs where those may be. */
const plain = (whole) => /[\0-\x08\x0b-\x1f]/.test(whole) && fail();

/** What a form finds in a text that is of it as a whole. */
const taken = (form, whole) => form.exec(whole)?.slice(1) ?? fail();

function note(whole) {
  const [text, lines] = taken(/^([^]*\n)\n((— \S+ \S+\n)+)$/, whole);
  const signatures = [...lines.matchAll(/— (\S+) (\S+)/g)].map(([, name, encoded]) => {
    const all = bytes(encoded);
    return { name, id: all.slice(0, 4), bytes: all.slice(4) };
  });
  return { text, signatures };
}

const CLASSES = ["public", "unnamed", "use-only", "sealed"];

const RECEIPT = /^folkmoot-receipt\/v1\nsalt ([^\n]+)\nclass ([^\n]+)\ncontent ([^\n]+)\n\n([^]*)$/;
const PROMISE = /^register-promise\/v1\norigin ([^\n]+)\nreview ([0-9a-f]{32})\ncommitment ([^\n]+)\ndeadline ([^\n]+)\n$/;
const PROOF = /^c2sp\.org\/tlog-proof@v1\nextra ([^\n]+)\nindex ([^\n]+)((\n[^\n]+)*)\n\n([^]*)$/;
const CHECKPOINT = /^([^\n]+)\n([^\n]+)\n([^\n]+)(\n[^\n]+)*\n$/;

/** Reads a receipt, a bare proof or a bare promise; verifies nothing. */
export function parse(whole) {
  plain(whole);
  if (!whole.startsWith("folkmoot-receipt/")) return { said: evidence(whole) };
  const [salt, terms, content, rest] = taken(RECEIPT, whole);
  if (!CLASSES.includes(terms)) fail();
  return { salt: bytes(salt, 32), terms, content, said: evidence(rest) };
}

function evidence(whole) {
  if (whole.startsWith("register-promise/")) {
    const signed = note(whole);
    const [origin, review, commitment, deadline] = taken(PROMISE, signed.text);
    return { note: signed, origin, review, commitment: bytes(commitment, 32), deadline: number(deadline) };
  }
  const [extra, index, path, , rest] = taken(PROOF, whole);
  const leaf = bytes(extra, 64);
  const signed = note(rest);
  const [origin, size, root] = taken(CHECKPOINT, signed.text);
  return {
    note: signed,
    origin,
    leaf,
    index: number(index),
    path: path.split("\n").slice(1).map((line) => bytes(line, 32)),
    size: number(size),
    root: bytes(root, 32),
    ...said(leaf),
  };
}

/** What a leaf says: its review, its day, and the commitment if it is a contribution. */
function said(leaf) {
  if (String.fromCharCode(...leaf.slice(0, 3)) !== "ev1") fail();
  return {
    review: hex(leaf.slice(4, 20)),
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

/** A key of that kind that does not stand among those before it. */
async function key(written, kind, before) {
  const [name, id, ...rest] = written.split("+");
  const raw = bytes(rest.join("+"), 33);
  const first = (await digest(text.encode(`${name}\n`), raw)).slice(0, 4);
  if (!name || raw[0] !== kind || hex(first) !== id || before.some((other) => same(other.raw, raw))) fail();
  return { name, id: first, raw, key: await crypto.subtle.importKey("raw", raw.slice(1), "Ed25519", false, ["verify"]) };
}

/**
 * Reads a policy (C2SP tlog-policy): keys of logs and witnesses, and which of them it takes. A name stands for one thing, and
 * is a member once, so that no witness counts twice. A rule says whether these keys are enough.
 */
export async function policy(whole) {
  plain(whole);
  const read = { logs: [], witnesses: [] };
  const rules = new Map([["none", null]]);
  const define = (name, rule) => (rules.has(name) ? fail() : rules.set(name, rule));
  const take = (name) => {
    const rule = rules.get(name) ?? fail();
    rules.set(name, null);
    return rule;
  };
  for (const line of whole.split("\n")) {
    const [kind, ...items] = line.split(/[ \t]+/).filter(Boolean);
    const [name, second, ...more] = items;
    const has = (word, least, most = least) => kind === word && items.length >= least && items.length <= most;
    if (!kind || kind[0] === "#") continue;
    if (has("log", 1, 2)) read.logs.push(await key(name, 1, read.logs));
    else if (has("witness", 2, 3)) {
      const witness = await key(second, 4, read.witnesses);
      read.witnesses.push(witness);
      define(name, (signed) => signed.includes(witness));
    } else if (has("group", 3, Infinity)) {
      const members = more.map(take);
      const needed = second === "any" ? 1 : second === "all" ? members.length : number(second);
      if (!needed || needed > members.length) fail();
      define(name, (signed) => members.filter((member) => member(signed)).length >= needed);
    } else if (has("quorum", 1) && !read.quorum) read.quorum = name === "none" ? () => true : take(name);
    else fail();
  }
  return read.quorum ? read : fail();
}

/** The keys of a list that have signed, each with the time it states. A line in the name of a key that is not by it is a forgery. */
async function signed({ text: message, signatures }, keys, cosigned) {
  const found = [];
  for (const { name, id, bytes: all } of signatures) {
    for (const known of keys) {
      if (known.name !== name || !same(known.id, id)) continue;
      if (all.length !== (cosigned ? 72 : 64)) fail();
      const time = cosigned ? Number(new DataView(all.buffer).getBigUint64(0)) : 0;
      const before = cosigned ? `cosignature/v1\ntime ${time}\n` : "";
      if (!(await crypto.subtle.verify("Ed25519", known.key, all.slice(-64), text.encode(before + message)))) fail();
      found.push({ known, name, time });
    }
  }
  return found;
}

/** Who of those that the policy believes has signed: the log, and as many witnesses as it asks for? */
export async function believed({ note: signedNote, origin, leaf }, { logs, witnesses, quorum }) {
  try {
    const by = await signed(signedNote, logs.filter(({ name }) => name === origin), false);
    const cosigned = leaf ? await signed(signedNote, witnesses, true) : [];
    return { log: by.length > 0, witnesses: cosigned, enough: !leaf || quorum(cosigned.map(({ known }) => known)) };
  } catch {
    return { log: false, witnesses: [], enough: false };
  }
}

/**
 * What was given as pairs of a name and its value: facts first, then answers. Text of another form stays as it is;
 * `label` gives the words for a name.
 */
export function given(content, label) {
  const named = (values, value) => Object.entries(values ?? {}).map(([name, one]) => [label(name), value(one)]);
  const value = (all) => {
    if (Array.isArray(all)) return all.map(value).join("\n");
    // What was chosen says it itself.
    if (typeof all === "object") return value(all.option ?? all.other ?? named(all, value).map((pair) => pair.join(": ")));
    return `${all}`;
  };
  try {
    const { content: { answers, ...inner }, ...facts } = JSON.parse(content);
    // An answer stands under the name of its kind.
    return [...named(facts, value), ...named(inner, value), ...named(answers, (kind) => value(Object.values(kind)[0]))];
  } catch {
    return [[label("text"), content]];
  }
}
