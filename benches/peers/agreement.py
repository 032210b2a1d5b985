"""Agreement between coders, beside krippendorff, scikit-learn, statsmodels and NLTK: a thousand random tables, equal to 1e-9."""

REQUIREMENTS = ["krippendorff==0.8.1", "scikit-learn==1.6.1", "statsmodels==0.14.4", "nltk==3.9.1", "numpy==1.26.4"]
TABLES = 1000
TOLERANCE = 1e-9

import argparse
import json
import os
import pathlib
import random
import resource
import shlex
import subprocess
import sys
import tempfile
import venv

HOME = pathlib.Path.home() / ".cache/folkmoot/peers/agreement"


def environment():
    """The virtual environment with what REQUIREMENTS names, made once."""
    stamp, python = HOME / "requirements", HOME / "bin/python"
    if not stamp.exists() or stamp.read_text() != "\n".join(REQUIREMENTS):
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        stamp.write_text("\n".join(REQUIREMENTS))
    return python


def tables():
    """Random tables of different shapes, a third of them with several codes to a unit; many cells are missing, but for two units."""
    chance = random.Random(1)
    for number in range(TABLES):
        coders, units, codes = chance.randint(2, 5), chance.randint(5, 60), chance.randint(2, 7)
        missing, slip, combine = chance.choice([0, 0, 0.1, 0.4]), chance.random(), number % 3 == 0
        rows = []
        for unit in range(units):
            truth = chance.randrange(codes)
            cells = []
            for _ in range(coders):
                given = {truth if chance.random() > slip else chance.randrange(codes)}
                while combine and chance.random() < 0.4:
                    given.add(chance.randrange(codes))
                cells.append("" if unit > 1 and chance.random() < missing else ";".join(f"c{code}" for code in sorted(given)))
            rows.append([f"u{unit:03}", *cells])
        yield coders, rows


def measured(command):
    """Runs it, and says what it printed, its CPU seconds and its largest resident set in MB."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command} failed")
    return printed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def peer(folder):
    """What the peers make of all tables: run inside the virtual environment."""
    import krippendorff
    import numpy
    import warnings
    from nltk.metrics.distance import masi_distance
    from sklearn.metrics import cohen_kappa_score, f1_score
    from statsmodels.stats.inter_rater import fleiss_kappa

    warnings.filterwarnings("ignore")
    # NLTK rounds the weights 2/3 and 1/3 of Passonneau (2006) to 0.67 and 0.33; its distance is taken with the exact ones.
    exact = {0.67: 2 / 3, 0.33: 1 / 3}

    def masi(one, other):
        if one == other or not one & other:
            return masi_distance(one, other)
        jaccard = len(one & other) / len(one | other)
        return 1 - jaccard * exact[round((1 - masi_distance(one, other)) / jaccard, 2)]

    found = []
    for path in sorted(pathlib.Path(folder).glob("*.csv")):
        rows = [line.split(",") for line in path.read_text().split()][1:]
        cells = [row[1:] for row in rows]
        values = sorted({cell for row in cells for cell in row if cell})
        number = {value: place for place, value in enumerate(values)}
        sets = [frozenset(value.split(";")) for value in values]
        data = numpy.array([[number.get(cell, numpy.nan) for cell in row] for row in cells], dtype=float).T
        figures = {}

        def alpha(metric):
            try:
                return krippendorff.alpha(data, level_of_measurement=metric, value_domain=list(range(len(values))))
            except ValueError:
                return None

        figures["alpha"] = alpha("nominal")
        if any(len(value) > 1 for value in sets):
            distances = numpy.array([[masi(one, other) for other in sets] for one in sets])
            figures["alpha_masi"] = alpha(lambda v1, v2, **_: distances[v1.astype(int), v2.astype(int)])
        kappas = {}
        for one in range(len(data)):
            for other in range(one + 1, len(data)):
                both = ~numpy.isnan(data[one]) & ~numpy.isnan(data[other])
                if both.any():
                    kappas[f"{chr(65 + one)}{chr(65 + other)}"] = cohen_kappa_score(data[one][both], data[other][both])
        figures["kappas"] = kappas
        if not numpy.isnan(data).any():
            counts = numpy.array([[(unit == value).sum() for value in range(len(values))] for unit in data.T])
            figures["fleiss"] = fleiss_kappa(counts)
        if len(data) == 2:
            both = ~numpy.isnan(data).any(axis=0)
            codes = sorted({code for value in sets for code in value})
            has = lambda coder, code: [code in sets[int(value)] for value in data[coder][both]]
            figures["f1"] = {code: f1_score(has(0, code), has(1, code), zero_division=numpy.nan) for code in codes}
        found.append(figures)
    json.dump(found, sys.stdout)


def differences(ours, theirs):
    """How far each figure is apart; what is not defined must be so on both sides."""
    agreement = ours["agreement"]
    pairs = {"".join(pair["coders"]): pair["kappa"] for pair in agreement["pairs"]}
    f1 = {code["code"]: code["f1"]["value"] for code in agreement["codes"]}
    for name, value in theirs.items():
        if name == "kappas":
            yield from (("Cohen's kappa", pairs[pair], kappa) for pair, kappa in value.items())
        elif name == "f1":
            yield from (("F1 of a code", f1[code], score) for code, score in value.items())
        else:
            yield {"alpha": "alpha, nominal", "alpha_masi": "alpha, MASI", "fleiss": "Fleiss' kappa"}[name], agreement[name]["value"], value


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="folkmoot, or the example sense")
    parser.add_argument("--data", help="not needed: the tables are made here")
    options = parser.parse_args()
    program = shlex.split(options.program)
    program += ["sense", "agreement"] if pathlib.Path(program[0]).name == "folkmoot" else ["agreement"]
    python = environment()
    with tempfile.TemporaryDirectory() as folder:
        for number, (coders, rows) in enumerate(tables()):
            header = ["unit", *(chr(65 + coder) for coder in range(coders))]
            text = "\n".join(",".join(row) for row in [header, *rows])
            pathlib.Path(folder, f"{number:04}.csv").write_text(text + "\n")
        theirs, peer_cpu, peer_memory = measured([python, __file__, "--peer", folder])
        our_cpu, our_memory, compared, worst = 0, 0, {}, {}
        for path, figures in zip(sorted(pathlib.Path(folder).glob("*.csv")), json.loads(theirs)):
            printed, cpu, memory = measured([*program, path, "--json", "--resamples", "0"])
            our_cpu, our_memory = our_cpu + cpu, max(our_memory, memory)
            for name, our, their in differences(json.loads(printed), figures):
                undefined = their is None or their != their
                if (our is None) != undefined:
                    sys.exit(f"{path.name}: {name} is {our} here and {their} there")
                compared[name] = compared.get(name, 0) + 1
                worst[name] = max(worst.get(name, 0), 0 if undefined else abs(our - their))
    print(f"{TABLES} random tables; units drawn anew for intervals: none on either side\n")
    print("| figure | compared | largest difference |\n|---|---|---|")
    for name in compared:
        print(f"| {name} | {compared[name]:,} | {worst[name]:.1e} |")
    print(f"\n| | peers, one process | ours, {TABLES} processes | ratio |\n|---|---|---|---|")
    print(f"| CPU seconds | {peer_cpu:.2f} | {our_cpu:.2f} | {peer_cpu / our_cpu:.1f} |")
    print(f"| peak MB | {peer_memory:.0f} | {our_memory:.0f} | {peer_memory / our_memory:.1f} |")
    if max(worst.values()) > TOLERANCE:
        sys.exit(f"more than {TOLERANCE} apart")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(sys.argv[2])
    else:
        main()
