"""Opinion maps beside red-dwarf, the Python library that follows Polis: CPU time, memory, and likeness to Polis's own groups.

Folkmoot is measured as a whole process, red-dwarf both whole and without the starting of Python and the reading of the file.
With --data FOLDER every FOLDER/*/participants-votes.csv of Polis is read, with the people and the number of groups that Polis has;
without it one conversation with planted groups is made.
"""

import argparse
import csv
import json
import os
import random
import resource
import shlex
import subprocess
import sys
import tempfile
import time
import venv
import warnings
from collections import Counter
from pathlib import Path

REQUIREMENTS = ["red-dwarf==0.4.0", "numpy==2.4.6", "scikit-learn==1.9.1", "pandas==3.1.1"]
HOME = Path.home() / ".cache/folkmoot/peers/opinions"
TIMES_FASTER, SHARE_OF_MEMORY, LIKENESS = 40, 1 / 5, 0.8


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="folkmoot, or another program that has its command opinions")
    parser.add_argument("--data", help="a folder with a folder for each conversation")
    arguments = parser.parse_args()
    words = shlex.split(arguments.program)
    command = words + (["sense", "opinions"] if Path(words[0]).name == "folkmoot" else ["opinions"])
    peer = [str(peer_python()), os.path.abspath(__file__), "--peer"]
    with tempfile.TemporaryDirectory() as folder:
        files = sorted(Path(arguments.data).glob("*/participants-votes.csv")) if arguments.data else [planted(Path(folder))]
        print(f"{'conversation':34} {'ours ms':>8} {'MiB':>5} {'peer ms':>8} {'whole':>7} {'MiB':>5} {'ratio':>6} {'likeness':>9} {'theirs':>7}")
        done = [compare(file, Path(folder), command, peer) for file in files]
    sys.exit(0 if all(done) else 1)


def peer_python():
    """The interpreter of the virtual environment, which is made when it is missing or has other versions."""
    python, noted = HOME / "bin/python", HOME / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if not noted.exists() or noted.read_text() != wanted:
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        noted.write_text(wanted)
    return python


def planted(folder):
    """Three groups of 400, 300 and 200 people with opinions of their own on half of 120 statements."""
    rng = random.Random(7)
    chances = [[rng.betavariate(0.5, 0.5) for _ in range(3)] if s % 2 else [rng.betavariate(2, 1.2)] * 3 for s in range(120)]
    file = folder / "planted" / "participants-votes.csv"
    file.parent.mkdir()
    with open(file, "w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["participant", "group-id", *range(120)])
        for person, group in enumerate([0] * 400 + [1] * 300 + [2] * 200):
            cell = lambda chance: "" if rng.random() < 0.7 else 0 if rng.random() < 0.15 else 1 if rng.random() < chance else -1
            table.writerow([person, group, *(cell(chance[group]) for chance in chances)])
    return file


def compare(file, folder, command, peer):
    with open(file, newline="", encoding="utf-8") as rows:
        theirs = {row["participant"]: row["group-id"] for row in csv.DictReader(rows) if row["group-id"]}
    count = len(set(theirs.values()))
    out = folder / "out"
    whole = [*command, str(file), "--groups", str(count)]
    measured([*whole, "--out", str(out)])
    ours = [measured(whole) for _ in range(5)]
    seconds, memory = min(run[0] for run in ours), ours[0][1]
    with open(out / "participants.csv", newline="", encoding="utf-8") as rows:
        likeness = adjusted_rand([(theirs[row["participant"]], row["group"]) for row in csv.DictReader(rows) if row["group"]])
    runs = [measured([*peer, str(file), str(count)]) for _ in range(2)]
    peer_seconds, peer_memory = min(run[0] for run in runs), runs[0][1]
    inner = min((json.loads(run[2]) for run in runs), key=lambda run: run["seconds"])
    peer_likeness = adjusted_rand([(theirs[person], group) for person, group in inner["groups"].items() if person in theirs])
    ratio = inner["seconds"] / seconds
    print(
        f"{file.parent.name[:34]:34} {1000 * seconds:8.1f} {memory:5.0f} {1000 * inner['seconds']:8.0f} {1000 * peer_seconds:7.0f} "
        f"{peer_memory:5.0f} {ratio:6.0f} {likeness:9.2f} {peer_likeness:7.2f}",
        flush=True,
    )
    return ratio >= TIMES_FASTER and memory <= SHARE_OF_MEMORY * peer_memory and likeness >= LIKENESS


def measured(command):
    """CPU seconds and peak memory in MiB of a whole process, and what it printed."""
    with tempfile.TemporaryFile() as printed:
        # posix_spawn: a fork of this process would count its own memory.
        spawned = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, printed.fileno(), 1)])
        _, status, used = os.wait4(spawned, 0)
        if status:
            sys.exit(f"{' '.join(command)} failed")
        printed.seek(0)
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, printed.read()


def adjusted_rand(pairs):
    pairs_of = lambda counts: sum(count * (count - 1) / 2 for count in counts.values())
    both, one, other = Counter(pairs), Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    expected = pairs_of(one) * pairs_of(other) / (len(pairs) * (len(pairs) - 1) / 2)
    most = (pairs_of(one) + pairs_of(other)) / 2
    return 1.0 if most == expected else (pairs_of(both) - expected) / (most - expected)


def run_peer(file, count):
    """Inside the virtual environment: red-dwarf's pipeline, on its own clock."""
    warnings.simplefilter("ignore")
    from reddwarf.implementations.polis import run_pipeline

    votes, grouped = [], []
    with open(file, newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            person = int(row["participant"])
            if row["group-id"]:
                grouped.append(person)
            votes += [
                {"participant_id": person, "statement_id": int(name), "vote": int(cell), "modified": 0}
                for name, cell in row.items()
                if name.isdigit() and cell
            ]
    before = time.process_time()
    result = run_pipeline(votes=votes, force_group_count=count, keep_participant_ids=grouped, random_state=0)
    seconds = time.process_time() - before
    groups = result.participants_df["cluster_id"].dropna()
    print(json.dumps({"seconds": seconds, "groups": {str(person): str(group) for person, group in groups.items()}}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        run_peer(sys.argv[2], int(sys.argv[3]))
    else:
        main()
