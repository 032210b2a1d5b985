// Receipts of a small register, made with the digests and signatures of Node alone: nothing of the product has a part in them.

import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from "node:crypto";

const ORIGIN = "example.org/register";
export const TEXT = "The form asked for my passport twice.";

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();

/** A key of that name and kind (1 for a register, 4 for a witness). */
function key(name, kind, seed) {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const raw = createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(-32);
  const id = sha256(`${name}\n`, [kind], raw).subarray(0, 4);
  return { name, id, secret, written: `${name}+${id.toString("hex")}+${Buffer.concat([Buffer.from([kind]), raw]).toString("base64")}` };
}

const log = key(ORIGIN, 1, 1);
const witness = key("library.example/witness", 4, 2);

const line = ({ name, id }, ...parts) => `— ${name} ${Buffer.concat([id, ...parts]).toString("base64")}\n`;
const signed = (text) => line(log, sign(null, Buffer.from(text), log.secret));

function cosigned(text, time) {
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  return line(witness, stamp, sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), witness.secret));
}

const salt = Buffer.alloc(32, 7);
const commitment = createHmac("sha256", salt).update(sha256(TEXT)).update(Buffer.from([2])).digest();

/** A leaf of the register: a contribution of that commitment. */
function leaf(value) {
  const day = Buffer.alloc(4);
  day.writeUInt32BE(20_000);
  return Buffer.concat([Buffer.from("ev1\x01"), Buffer.alloc(16, 1), day, value, Buffer.alloc(8)]);
}

const leaves = [leaf(Buffer.alloc(32, 10)), leaf(commitment), leaf(Buffer.alloc(32, 11))];
const [first, second, third] = leaves.map((bytes) => sha256([0], bytes));
const root = sha256([1], sha256([1], first, second), third);
const checkpoint = `${ORIGIN}\n3\n${root.toString("base64")}\n`;
const header = `folkmoot-receipt/v1\nsalt ${salt.toString("base64")}\nclass unnamed\ncontent ${TEXT}\n\n`;
const path = [first, third].map((hash) => `${hash.toString("base64")}\n`).join("");

/** The proof alone, as other tools know it. */
export const PROOF = `c2sp.org/tlog-proof@v1\nextra ${leaves[1].toString("base64")}\nindex 1\n${path}\n${checkpoint}\n${signed(checkpoint)}${cosigned(checkpoint, 1_728_000_000)}`;
export const RECEIPT = header + PROOF;

/** A receipt with a promise until then, in seconds since 1970; `more` is signed with it. */
export function promise(deadline, more = "") {
  const text = `register-promise/v1\norigin ${ORIGIN}\nreview ${"01".repeat(16)}\ncommitment ${commitment.toString("base64")}\ndeadline ${deadline}\n${more}`;
  return `${header}${text}\n${signed(text)}`;
}

/** Whom to believe: the register, and the witness. */
export const POLICY = `log ${log.written}\nwitness library ${witness.written}\nquorum library\n`;
/** The same, and somebody who has not signed. */
export const STRICT = `log ${log.written}\nwitness library ${witness.written}\nwitness other ${key("other.example", 4, 3).written}\ngroup both all library other\nquorum both\n`;
/** Somebody who has signed nothing, by the name of the register. */
export const STRANGER = `log ${key(ORIGIN, 1, 9).written}\nquorum none\n`;

const stranger = key("stranger.example", 4, 3).written;
const renamed = key("other.example/witness", 4, 2).written;
/** Policies by which one witness would count as two, or whose lines contradict one another: nobody takes them. */
export const REFUSED = {
  "one witness twice in a group": `witness a ${witness.written}\ngroup both all a a\nquorum both\n`,
  "one witness in two groups": `witness a ${witness.written}\ngroup one any a\ngroup two any a\ngroup both all one two\nquorum both\n`,
  "one key under two names": `witness a ${witness.written}\nwitness b ${witness.written}\ngroup both 2 a b\nquorum both\n`,
  "one key of two names": `witness a ${witness.written}\nwitness b ${renamed}\ngroup both 2 a b\nquorum both\n`,
  "one key of the register twice": `log ${log.written}\nquorum none\n`,
  "a name for two witnesses": `witness a ${stranger}\nwitness a ${witness.written}\nquorum a\n`,
  "a name for a witness and a group": `witness a ${stranger}\nwitness b ${witness.written}\ngroup a any b\nquorum a\n`,
  "a witness of the name none": `witness none ${witness.written}\nquorum none\n`,
  "a group of the name none": `witness a ${witness.written}\ngroup none any a\nquorum none\n`,
  "none in a group": `witness a ${stranger}\ngroup either any a none\nquorum either\n`,
  "a member of the quorum that is in a group": `witness a ${witness.written}\ngroup one any a\nquorum a\n`,
  "a group without members": `group nobody all\nquorum nobody\n`,
  "a group of a strange number": `witness a ${witness.written}\ngroup some constructor a\nquorum some\n`,
  "two quorums": `witness a ${witness.written}\nquorum a\nquorum none\n`,
  "words behind the quorum": `witness a ${witness.written}\nquorum a none\n`,
  "control characters": `witness a ${witness.written}\r\nquorum a\n`,
};
for (const [what, rest] of Object.entries(REFUSED)) REFUSED[what] = `log ${log.written}\n${rest}`;
