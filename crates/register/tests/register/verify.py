"""Verifies a proof file (c2sp.org/tlog-proof) or a checkpoint, written from the specifications alone.

    python3 verify.py FILE LOG_KEY [WITNESS_KEY...]      every key as name+id+base64; every witness must have cosigned
"""
import base64, hashlib, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def check_signature(text, lines, vkey, kind):
    name, key_id, key = vkey.split("+", 2)
    key = base64.b64decode(key, validate=True)
    assert key[0] == kind, f"{name}: a key of type {key[0]}"
    key_id = bytes.fromhex(key_id)
    assert sha256(name.encode(), b"\n", key)[:4] == key_id, f"{name}: the id is not that of the key"
    for line in lines:
        dash, signer, signature = line.split(" ")
        signature = base64.b64decode(signature, validate=True)
        if dash == "—" and signer == name and signature[:4] == key_id:
            message, signature = text.encode(), signature[4:]
            if kind == 4:
                time = int.from_bytes(signature[:8], "big")
                message, signature = f"cosignature/v1\ntime {time}\n".encode() + message, signature[8:]
            return Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, message)
    raise AssertionError(f"{name} has not signed")

def check_checkpoint(note, log, witnesses):
    text, signatures = note.rsplit("\n\n", 1)
    origin, size, root = text.split("\n")[:3]
    text, lines = text + "\n", signatures.splitlines()
    assert origin == log.split("+")[0], "the checkpoint of another log"
    for key, kind in [(log, 1)] + [(witness, 4) for witness in witnesses]:
        check_signature(text, lines, key, kind)
    return int(size), base64.b64decode(root, validate=True)

def check_inclusion(entry, index, path, size, root):  # RFC 9162, section 2.1.3.2
    assert index < size, "beyond the end"
    last, node = size - 1, sha256(b"\0", entry)
    for beside in path:
        assert last > 0, "the path is too long"
        if index % 2 == 1 or index == last:
            node = sha256(b"\1", beside, node)
            while index % 2 == 0 and index > 0:
                index, last = index // 2, last // 2
        else:
            node = sha256(b"\1", node, beside)
        index, last = index // 2, last // 2
    assert last == 0 and node == root, "the path does not lead to the root"

text = open(sys.argv[1], encoding="utf-8", newline="").read()
if text.startswith("c2sp.org/tlog-proof@v1\n"):
    proof, note = text.split("\n\n", 1)
    extra, index, *path = proof.split("\n")[1:]
    entry, *path = [base64.b64decode(line, validate=True) for line in [extra.removeprefix("extra "), *path]]
    size, root = check_checkpoint(note, sys.argv[2], sys.argv[3:])
    check_inclusion(entry, int(index.removeprefix("index ")), path, size, root)
    print(f"leaf {index.removeprefix('index ')} of {size} holds: {entry.hex()}")
else:
    print("checkpoint of size", check_checkpoint(text, sys.argv[2], sys.argv[3:])[0], "holds")
