"""Campaigns beside rensa and datasketch: how many of the pairs of a campaign each finds, and how much CPU time it takes.

The peers are given their usual task: word MinHashes with 128 permutations, candidates by locality-sensitive hashing at a threshold of
0.5, and families as what hangs together. Dockets: edited copies of letters; the same with half letters, personal paragraphs and people
who write about the same subject; a mail merge with alternatives in every slot; with --data, a real one.
"""

import argparse
import csv
import os
import random
import shlex
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path

REQUIREMENTS = ["rensa==0.5.0", "datasketch==2.0.0", "numpy==2.4.6"]
HOME = Path.home() / ".cache/folkmoot/peers/campaigns"
TEXTS = 200_000
# datasketch takes minutes for what the others do in seconds: it is given a part, and compared per text.
PART = 20_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="folkmoot, or another program that has its command campaigns")
    parser.add_argument("--data", help="a folder with campaigns/mailmerge.tsv")
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    words = shlex.split(arguments.program)
    command = words + (["sense", "campaigns"] if Path(words[0]).name == "folkmoot" else ["campaigns"])
    real = Path(arguments.data or "") / "campaigns/mailmerge.tsv"
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        dockets = [(name, generate(folder / f"{name}.tsv", arguments, name)) for name in ("letters", "hard", "merge")]
        if arguments.data and real.exists():
            dockets.append(("real merge", with_own_ids(real, folder / "real.tsv", 5000)))
            dockets.append(("real, 100", with_own_ids(real, folder / "hundred.tsv", 100)))
        else:
            print("the real mail merge is skipped: --data does not lead to campaigns/mailmerge.tsv")
        print(f"{'docket':<12}{'tool':<12}{'texts':>8}{'CPU s':>8}{'texts/CPU s':>12}{'ratio':>7}{'MiB':>7}{'precision':>11}{'recall':>8}")
        good = all([compare(name, path, command, folder) for name, path in dockets])
    sys.exit(0 if good else 1)


def compare(name, path, command, folder):
    """Prints a line for each tool, and says whether ours is as good as it must be."""
    rows = [line.split("\t", 2)[:2] for line in path.open(encoding="utf-8")]
    out = folder / "out"
    lines = [("Folkmoot", len(rows), *run([*command, path, "--text", "3", "--id", "1", "--out", out]))]
    with (out / "members.csv").open(encoding="utf-8", newline="") as file:
        families = [row["family"] or f"own {row['id']}" for row in csv.DictReader(file)]
    results = [pairs([row[1] for row in rows], families)]
    for peer in ("rensa", "datasketch"):
        count = len(rows) if peer == "rensa" else min(len(rows), PART)
        cost = run([peer_python(), os.path.abspath(__file__), "--peer", peer, path, str(count), out / peer])
        lines.append((peer, count, *cost))
        results.append(pairs([row[1] for row in rows[:count]], (out / peer).read_text().split("\n")[:count]))
    ours = lines[0][1] / lines[0][2]
    for (tool, count, cpu, mebibytes), (precision, recall) in zip(lines, results):
        ratio = ours / (count / cpu)
        print(f"{name:<12}{tool:<12}{count:>8}{cpu:>8.2f}{count / cpu:>12,.0f}{ratio:>7.1f}{mebibytes:>7.0f}{precision:>11.4f}{recall:>8.4f}")
    # Among the real comments of other people are campaigns too, and letters of this one.
    precision, recall = results[0]
    return recall >= 0.95 and (precision >= 0.99 or name.startswith("real"))


def pairs(campaigns, families):
    """Precision and recall of pairs in the same family. A campaign of -1 is a text of somebody's own."""
    campaigns = [f"own {row}" if campaign == "-1" else campaign for row, campaign in enumerate(campaigns)]
    count = lambda keys: sum(size * (size - 1) // 2 for size in Counter(keys).values())
    both, found, known = count(zip(campaigns, families)), count(families), count(campaigns)
    return both / max(found, 1), both / max(known, 1)


def run(command):
    """CPU seconds, and the largest resident set in MiB."""
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def peer_python():
    """The interpreter of the virtual environment, which is made when it is missing or has other versions."""
    python, noted = HOME / "bin/python", HOME / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if not noted.exists() or noted.read_text() != wanted:
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        noted.write_text(wanted)
    return python


# -- dockets ---------------------------------------------------------------------------------------------------------------


def generate(path, arguments, kind):
    """Writes id, campaign and text: two fifths belong to campaigns, the larger the fewer."""
    rng = random.Random(f"{arguments.seed} {kind}")
    syllables = [a + b for a in "b c d f g l m n p r s t v st tr gr".split() for b in "a e i o u an er il on us".split()]
    vocabulary = ["".join(rng.choice(syllables) for _ in range(1 + rank.bit_length() // 6)) for rank in range(30_000)]
    subject = rng.sample(range(30_000), 1_500)

    def words(count):
        drawn = [vocabulary[int(30_001 ** rng.random()) - 1] for _ in range(count)]
        if kind == "hard":
            drawn = [vocabulary[subject[int(1_501 ** rng.random()) - 1]] if rng.random() < 0.6 else word for word in drawn]
        return drawn

    letters = [words(rng.randint(80, 160)) for _ in range(50)]
    merges = [[[words(rng.randint(3, 8)) for _ in range(rng.randint(3, 8))] for _ in range(rng.randint(10, 25))] for _ in range(20)]
    with path.open("w", encoding="utf-8") as file:
        for row in range(arguments.texts if kind != "merge" else arguments.texts // 10):
            campaign = int(50 * rng.random() ** 2) if rng.random() < 0.4 else -1
            if campaign < 0:
                text = own(rng, words, letters)
            elif kind == "merge":
                campaign %= 20
                text = [word for slot in merges[campaign] for word in rng.choice(slot)]
            else:
                text = copy(rng, words, letters[campaign], kind == "hard")
            file.write(f"{row}\t{campaign}\t{' '.join(text)}\n")
    return path


def own(rng, words, letters):
    text = words(rng.randint(20, 220))
    if rng.random() < 0.05:
        letter, length = rng.choice(letters), rng.randint(10, 25)
        begin, at = rng.randrange(len(letter) - length), rng.randrange(len(text))
        text[at:at] = letter[begin : begin + length]
    return text


def copy(rng, words, letter, hard):
    rate, text = rng.random() * 0.15, []
    for word in letter:
        edit = rng.randrange(3) if rng.random() < rate else None
        text += [word] if edit is None else ([], words(1), [word, *words(1)])[edit]
    change = rng.random() if hard else 1
    if change < 0.1:
        begin = rng.randrange(len(text) - len(text) // 2)
        return text[begin : begin + len(text) // 2]
    if change < 0.35:
        paragraph = words(rng.randint(20, 120))
        return paragraph + text if rng.random() < 0.5 else text + paragraph
    return text


def with_own_ids(source, path, letters):
    """Some letters of the real mail merge and all other comments, in the three columns of the others. An id stands in it twice."""
    with path.open("w", encoding="utf-8") as file:
        for row, line in enumerate(source.open(encoding="utf-8")):
            _, campaign, _, text = line.rstrip("\n").split("\t")
            if campaign == "1":
                letters -= 1
                if letters < 0:
                    continue
            file.write(f"{row}\t{campaign}\t{text}\n")
    return path


# -- peers -----------------------------------------------------------------------------------------------------------------


def peer(tool, path, count, out):
    """Runs in a process of its own, in the virtual environment: writes the family of each text."""
    index = {"rensa": with_rensa, "datasketch": with_datasketch}[tool]
    parents = list(range(count))

    def root(row):
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    with open(path, encoding="utf-8") as file:
        texts = (line.rstrip("\n").rsplit("\t", 1)[1].split() for _, line in zip(range(count), file))
        for row, others in index(texts):
            for other in others:
                parents[root(row)] = root(other)
    Path(out).write_text("\n".join(str(root(row)) for row in range(count)), encoding="utf-8")


def with_rensa(texts):
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    hashes = []
    for row, words in enumerate(texts):
        hashed = RMinHash(num_perm=128, seed=42)
        hashed.update(words)
        # One neighbour is enough for a text to hang together with the others: in a large campaign all would be thousands.
        yield row, next(([other] for other in index.query(hashed) if hashes[other].jaccard(hashed) >= 0.5), [])
        index.insert(row, hashed)
        hashes.append(hashed)


def with_datasketch(texts):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.5, num_perm=128)
    hashes = []
    for row, words in enumerate(texts):
        hashed = MinHash(num_perm=128)
        hashed.update_batch([word.encode() for word in words])
        # One neighbour is enough for a text to hang together with the others: in a large campaign all would be thousands.
        yield row, next(([other] for other in index.query(hashed) if hashes[other].jaccard(hashed) >= 0.5), [])
        index.insert(row, hashed)
        hashes.append(hashed)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5])
    else:
        main()
