"""Equal shares beside pabutools: the same projects in the same order on 1,000 random elections, and how much CPU time each takes.

Both read the same Pabulib files; pabutools computes with exact fractions (gmpy2). It breaks ties by the project's id, as Folkmoot does.
Where they are meant to differ, elections are made so that they cannot: a free project under the cost utility is never funded by pabutools'
equal shares, and one with 0 points counts as supported there.
"""

import argparse
import json
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

REQUIREMENTS = ["pabutools==1.2.3", "gmpy2==2.3.2", "numpy==2.4.6"]
HOME = Path.home() / ".cache/folkmoot/peers/shares"
COMPLETIONS = ["none", "add1", "utilitarian", "add1u"]
ELECTIONS = 1000
TARGET = 100


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, help="folkmoot, or another program that has its command shares")
    parser.add_argument("--data", help="not used: everything is generated")
    parser.add_argument("--elections", type=int, default=ELECTIONS)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    words = shlex.split(arguments.program)
    command = words + (["sense", "shares"] if Path(words[0]).name == "folkmoot" else ["shares"])
    peer = [str(peer_python()), os.path.abspath(__file__), "--peer"]
    with tempfile.TemporaryDirectory() as folder:
        same = compare(Path(folder), command, peer, arguments)
        fast = measure(Path(folder), command, peer, arguments.seed)
    sys.exit(0 if same and fast else 1)


def peer_python():
    """The interpreter of the virtual environment, which is made when it is missing or has other versions."""
    python, noted = HOME / "bin/python", HOME / "requirements.txt"
    wanted = "\n".join(REQUIREMENTS)
    if not noted.exists() or noted.read_text() != wanted:
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        noted.write_text(wanted)
    return python


# -- elections -------------------------------------------------------------------------------------------------------------


def election(rng, kind, projects, voters, share_of_support, tied, groups=1):
    """The text of a Pabulib file."""
    costs = [rng.choice([100, 200, 200, 300]) if tied else rng.randint(50, 3000) for _ in range(projects)]
    if not tied and rng.random() < 0.3:
        costs = [cost + rng.choice([0, 0.5, 0.25]) for cost in costs]
    budget = round(sum(costs) * rng.uniform(0.1, 0.7))
    names = rng.sample(range(1, 10 * projects), projects)
    lines = ["META", "key;value", "description;random", "country;Worldwide", "unit;random", "instance;1"]
    lines += [f"num_projects;{projects}", f"num_votes;{voters}", f"budget;{budget}", f"vote_type;{kind}", "rule;unknown"]
    lines += ["max_sum_points;100000"] if kind == "cumulative" else []
    lines += ["PROJECTS", "project_id;cost"] + [f"{name};{cost}" for name, cost in zip(names, costs)]
    has_points = kind in ("cumulative", "scoring")
    lines += ["VOTES", "voter_id;vote;points" if has_points else "voter_id;vote"]
    popularity = [[rng.random() ** 2 * 2 * share_of_support for _ in range(projects)] for _ in range(groups)]
    for voter in range(voters):
        chances = popularity[voter % groups]
        choice = [name for name, chance in zip(names, chances) if rng.random() < chance]
        choice = choice or ([] if kind == "approval" and rng.random() < 0.3 else [rng.choice(names)])
        if kind == "choose-1":
            choice = choice[:1]
        rng.shuffle(choice)
        line = f"{voter};{','.join(map(str, choice))}"
        if has_points:
            points = [rng.choice([1, 2, 3, 5, 0.5] if not tied else [1, 2]) for _ in choice]
            line += f";{','.join(map(str, points))}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def random_elections(folder, count, rng):
    """Writes them, and says with which utilities each is to be counted."""
    tasks = []
    for number in range(count):
        kind = ["approval", "approval", "approval", "ordinal", "choose-1", "cumulative", "scoring"][number % 7]
        text = election(rng, kind, rng.randint(2, 14), rng.randint(1, 40), rng.uniform(0.1, 0.7), number % 3 == 0)
        path = folder / f"{number}.pb"
        path.write_text(text)
        utilities = ["cost", "cardinality"] + (["points"] if kind in ("cumulative", "scoring") else [])
        tasks += [(str(path), utility, completion) for utility in utilities for completion in COMPLETIONS]
    return tasks


# -- both sides ------------------------------------------------------------------------------------------------------------


def peer_counts(tasks):
    """What pabutools finds: for each task the funded projects in order, greedy, Phragmén, and the CPU seconds of its rule alone."""
    from pabutools import fractions
    from pabutools.election import Additive_Cardinal_Sat, Cardinality_Sat, Cost_Sat, parse_pabulib
    from pabutools.election.profile import AbstractApprovalProfile
    from pabutools.rules import completion_by_rule_combination, greedy_utilitarian_welfare, method_of_equal_shares
    from pabutools.rules import sequential_phragmen

    assert fractions.FRACTION == "gmpy2", "exact fractions"
    sys.setrecursionlimit(100_000)
    satisfaction = {"cost": Cost_Sat, "cardinality": Cardinality_Sat, "points": Additive_Cardinal_Sat}
    for path, utility, completion in tasks:
        instance, profile = parse_pabulib(path)
        sat = {"sat_class": satisfaction[utility]}
        raised = {**sat, "voter_budget_increment": 1} if completion.startswith("add1") else sat
        began = time.process_time()
        if completion in ("none", "add1"):
            funded = method_of_equal_shares(instance, profile, **raised)
        else:
            rules = [method_of_equal_shares, greedy_utilitarian_welfare]
            funded = completion_by_rule_combination(instance, profile, rules, [raised, sat])
        seconds = time.process_time() - began
        greedy = greedy_utilitarian_welfare(instance, profile, **sat)
        phragmen = None
        if isinstance(profile, AbstractApprovalProfile):
            supported = {project for ballot in profile for project in ballot}
            phragmen = sorted(p.name for p in sequential_phragmen(instance, profile) if p in supported)
        print(json.dumps([[p.name for p in funded], [p.name for p in greedy], phragmen, seconds]), flush=True)


def own_count(command, task):
    path, utility, completion = task
    options = ["--json", "--utility", utility, "--completion", completion]
    return json.loads(subprocess.run([*command, path, *options], check=True, capture_output=True).stdout)


def compare(folder, command, peer, arguments):
    tasks = random_elections(folder, arguments.elections, random.Random(arguments.seed))
    listed = folder / "tasks.json"
    listed.write_text(json.dumps(tasks))
    print(f"{arguments.elections} random elections, {len(tasks)} counts", flush=True)
    lines = subprocess.run([*peer, str(listed)], check=True, capture_output=True, text=True).stdout.splitlines()
    different = {"equal shares": 0, "greedy": 0, "Phragmén": 0}
    for task, line in zip(tasks, lines, strict=True):
        funded, greedy, phragmen, _ = json.loads(line)
        rules = {rule["rule"]: rule["projects"] for rule in own_count(command, task)["rules"]}
        expected = [("equal shares", funded, rules["Equal Shares"]), ("greedy", greedy, rules["Greedy"])]
        if phragmen is not None:
            expected.append(("Phragmén", phragmen, sorted(rules["Phragmén"])))
        for name, theirs, ours in expected:
            if theirs != ours:
                different[name] += 1
                print(f"different: {name}, {task}: pabutools {theirs}, Folkmoot {ours}\n{Path(task[0]).read_text()}")
    for name, count in different.items():
        print(f"  {name:<13} {count} different from pabutools")
    return not any(different.values())


# -- CPU time --------------------------------------------------------------------------------------------------------------


def run(command):
    """CPU seconds and the largest resident set in MiB of a whole process, and what it printed."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed


def measure(folder, command, peer, seed):
    print("\nCPU seconds of the whole processes, and of the rule alone: in pabutools the call of its function; of Folkmoot the process less")
    print("one that has the same votes but no money to spend, so that Folkmoot's greedy and Phragmén's rule are in it too")
    print(f"{'election':<44}{'pabutools':>18}{'Folkmoot':>18}{'ratio':>16}{'memory':>8}")
    print(f"{'':<44}{'process':>10}{'rule':>8}{'process':>10}{'rule':>8}{'process':>9}{'rule':>7}{'ratio':>8}")
    rng = random.Random(seed)
    sizes = [
        ("approval", 40, 2_000, "cost", "none"),
        ("approval", 80, 10_000, "cost", "none"),
        ("approval", 80, 10_000, "cardinality", "none"),
        ("approval", 30, 2_000, "cost", "add1u"),
        ("cumulative", 60, 5_000, "points", "utilitarian"),
        ("approval", 120, 50_000, "cost", "none"),
    ]
    fast = True
    for kind, projects, voters, utility, completion in sizes:
        path, idle, listed = folder / "large.pb", folder / "idle.pb", folder / "tasks.json"
        path.write_text(election(rng, kind, projects, voters, 0.12, False, groups=5))
        idle.write_text(re.sub(r"\nbudget;\d+", "\nbudget;0", path.read_text()))
        listed.write_text(json.dumps([(str(path), utility, completion)]))
        process, peer_memory, printed = run([*peer, str(listed)])
        funded, _, _, rule = json.loads(printed)
        options = ["--json", "--utility", utility, "--completion", completion]
        own, own_memory, printed = least_of(5, [*command, str(path), *options])
        # A millisecond is as little as processes can be told apart by.
        own_rule = max(own - least_of(5, [*command, str(idle), *options])[0], 0.001)
        same = json.loads(printed)["rules"][0]["projects"] == funded
        name = f"{projects} × {voters:,} {kind}, {utility}, {completion}"
        seconds = f"{process:>10.2f}{rule:>8.2f}{own:>10.4f}{own_rule:>8.4f}"
        ratios = f"{process / own:>9.0f}{rule / own_rule:>7.0f}{peer_memory / own_memory:>8.1f}"
        print(f"{name:<44}{seconds}{ratios}{'' if same else '  DIFFERENT'}", flush=True)
        fast = fast and same and min(process / own, rule / own_rule) >= TARGET
    print(f"target: {TARGET} × less CPU time, as a process and for the rule: {'reached' if fast else 'NOT reached'}")
    return fast


def least_of(times, command):
    """The run that took least CPU time: what else a machine does only ever adds to it."""
    return min((run(command) for _ in range(times)), key=lambda measured: measured[0])


if __name__ == "__main__":
    if "--peer" in sys.argv:
        peer_counts(json.loads(Path(sys.argv[-1]).read_text()))
    else:
        main()
