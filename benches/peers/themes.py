"""Themes and coding, beside scikit-learn: TF-IDF with k-means and NMF, and with logistic regression, on the same labels."""

REQUIREMENTS = ["scikit-learn==1.7.2", "numpy==2.3.3", "scipy==1.16.2"]
SEEDS = 3

import argparse
import csv
import json
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys
import tempfile
import venv

HOME = pathlib.Path.home() / ".cache/folkmoot/peers/themes"
csv.field_size_limit(1 << 30)


def environment():
    """The virtual environment with what REQUIREMENTS names, made once."""
    stamp, python = HOME / "requirements", HOME / "bin/python"
    if not stamp.exists() or stamp.read_text() != "\n".join(REQUIREMENTS):
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        stamp.write_text("\n".join(REQUIREMENTS))
    return python


def measured(command):
    """Runs it, and says what it printed, its CPU seconds and its largest resident set in MiB."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command} failed")
    return printed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def gambling(path):
    """Answers with the codes that they were written for, in the order in which they name them."""
    for row in csv.DictReader(open(path, encoding="utf-8")):
        codes = re.findall(r"'([A-Z])': \{'rationale'", row["target_topics"])
        yield row["response"], codes, row["position"]


def generated(chance, count):
    """Texts of twelve subjects, two words of ten in each from others."""
    subjects = [[f"{start}{middle}{end}" for middle in "aeiou" for end in ("n", "rt", "l", "st")] for start in "bdfgklmnprst"]
    for _ in range(count):
        subject = chance.randrange(12)
        words = [chance.choice(subjects[subject if chance.random() < 0.8 else chance.randrange(12)]) for _ in range(10)]
        yield "The " + " and the ".join(words) + ".", subject


def corpora(data):
    """Name, texts, one label for each, and how many there are."""
    texts, labels = zip(*generated(random.Random(1), 2000))
    yield "generated", texts, labels
    if data is None or not (data / "themes").is_dir():
        print("no --data: gambling and banking77 are skipped")
        return
    rows = [row for row in gambling(data / "themes/gambling.csv") if row[1]]
    single = [row for row in rows if len(row[1]) == 1]
    yield "gambling, one theme", [row[0] for row in single], [row[1][0] for row in single]
    yield "gambling, first theme", [row[0] for row in rows], [row[1][0] for row in rows]
    yield "gambling, first × position", [row[0] for row in rows], [row[1][0] + row[2] for row in rows]
    rows = list(csv.DictReader(open(data / "themes/banking77-test.csv", encoding="utf-8")))
    yield "banking77", [row["text"] for row in rows], [row["category"] for row in rows]


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def peer(method, path, count, seed):
    """What scikit-learn makes of the texts: run inside the virtual environment, prints one label a line."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [row["text"] for row in csv.DictReader(open(path, encoding="utf-8"))]
    weights = TfidfVectorizer(stop_words="english", min_df=2, max_df=0.5, sublinear_tf=True, ngram_range=(1, 2)).fit_transform(texts)
    if method == "kmeans":
        labels = KMeans(count, n_init=4, random_state=seed).fit_predict(weights)
    else:
        labels = NMF(count, random_state=seed, init="nndsvda", max_iter=400).fit_transform(weights).argmax(1)
    print("\n".join(map(str, labels)))


def compare(pairs):
    """Normalised mutual information of lists of labels, by scikit-learn: run inside the virtual environment."""
    from sklearn.metrics import normalized_mutual_info_score

    print(json.dumps([normalized_mutual_info_score(one, other) for one, other in pairs]))


def coding(path):
    """F1 of TF-IDF and one-vs-rest logistic regression, by five folds: run inside the virtual environment."""
    import numpy
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.model_selection import KFold
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.preprocessing import MultiLabelBinarizer

    rows = list(csv.DictReader(open(path, encoding="utf-8")))
    texts = numpy.array([row["text"] for row in rows])
    truth = MultiLabelBinarizer().fit_transform([row["codes"].split(";") if row["codes"] else [] for row in rows])
    guess = numpy.zeros_like(truth)
    for known, new in KFold(5, shuffle=True, random_state=1).split(texts):
        vectorizer = TfidfVectorizer(stop_words="english", min_df=2, sublinear_tf=True, ngram_range=(1, 2))
        model = OneVsRestClassifier(LogisticRegression(C=10, max_iter=1000)).fit(vectorizer.fit_transform(texts[known]), truth[known])
        guess[new] = model.predict(vectorizer.transform(texts[new]))
    print(json.dumps([f1_score(truth, guess, average=kind, zero_division=0) for kind in ("micro", "macro")]))


def themes(program, python, folder, data):
    table = [("data", "texts", "K", "method", "NMI", "CPU s", "texts/CPU s", "MiB")]
    for name, texts, labels in corpora(data):
        path, count = folder / "texts.csv", len(set(labels))
        write(path, ["id", "text"], enumerate(texts))
        for method in ("kmeans", "nmf", "folkmoot", "folkmoot auto"):
            found, cpu, memory = [], 0, 0
            for seed in range(1, SEEDS + 1):
                if method.startswith("folkmoot"):
                    wanted = "auto" if method.endswith("auto") else count
                    command = [*program("themes"), path, "--text", "text", "--id", "id", "--themes", wanted, "--seed", seed, "--out", folder / "out"]
                    _, used, size = measured(command)
                    main = {}
                    for row in csv.DictReader(open(folder / "out/assignments.csv", encoding="utf-8")):
                        main.setdefault(row["id"], row["theme"])
                    found.append([main[str(place)] for place in range(len(texts))])
                else:
                    printed, used, size = measured([python, __file__, "--peer", method, path, count, seed])
                    found.append(printed.decode().split())
                cpu, memory = cpu + used / SEEDS, max(memory, size)
            pairs = folder / "pairs.json"
            pairs.write_text(json.dumps([[list(labels), one] for one in found]))
            scores = json.loads(measured([python, __file__, "--peer", "compare", pairs, 0, 0])[0])
            groups = len(set(found[0]))
            table.append((name, len(texts), groups, method, f"{sum(scores) / SEEDS:.3f}", f"{cpu:.3f}", f"{len(texts) / cpu:,.0f}", f"{memory:.0f}"))
    return table


def codings(program, python, folder, data):
    if data is None or not (data / "themes").is_dir():
        return []
    rows = list(gambling(data / "themes/gambling.csv"))
    codes = sorted({code for _, given, _ in rows for code in given})
    path, codebook = folder / "coded.csv", folder / "codebook.csv"
    write(path, ["text", "codes"], [(text, ";".join(sorted(set(given)))) for text, given, _ in rows])
    framework = json.load(open(data / "themes/gambling-framework.json", encoding="utf-8"))
    labels = {code: entry["topics"][0] for side in framework.values() for code, entry in side.items()}
    write(codebook, ["code", "label", "description"], [(code, labels[code]["topic_name"], labels[code]["rationale"]) for code in codes])
    table = [("gambling, several codes", "F1 micro", "F1 mean of codes", "CPU s", "MiB")]
    printed, cpu, memory = measured([python, __file__, "--peer", "coding", path, 0, 0])
    micro, macro = json.loads(printed)
    table.append(("scikit-learn", f"{micro:.3f}", f"{macro:.3f}", f"{cpu:.2f}", f"{memory:.0f}"))
    printed, cpu, memory = measured([*program("assign"), "--evaluate", "--json", "--codebook", codebook, "--examples", path])
    found = json.loads(printed)["evaluation"]
    micro, macro = found["micro"]["f1"]["value"], found["macro_mean"]["f1"]["value"]
    table.append(("folkmoot", f"{micro:.3f}", f"{macro:.3f}", f"{cpu:.2f}", f"{memory:.0f}"))
    return table


def show(table):
    widths = [max(len(str(row[place])) for row in table) for place in range(len(table[0]))] if table else []
    for row in table:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--peer", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args(sys.argv[1:] if "--peer" not in sys.argv else ["--program", "none", *sys.argv[1:]])
    if arguments.peer:
        method, path, count, seed = arguments.peer
        if method == "compare":
            return compare(json.loads(pathlib.Path(path).read_text()))
        return coding(path) if method == "coding" else peer(method, path, int(count), int(seed))
    words = shlex.split(arguments.program)
    program = lambda command: [*words, *(["sense"] if pathlib.Path(words[0]).name == "folkmoot" and len(words) == 1 else []), command]
    python = environment()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        show(themes(program, python, folder, arguments.data))
        show(codings(program, python, folder, arguments.data))


if __name__ == "__main__":
    main()
