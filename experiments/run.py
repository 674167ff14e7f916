#!/usr/bin/python3
"""Measures what compression costs in accuracy, and writes the tables of docs/experiments.md.

    python3 experiments/run.py            # all of it; `make experiments` installs the data and builds the tool in front
    python3 experiments/run.py --keep     # go on with what an earlier run has left in out/experiments
    python3 experiments/run.py --tables   # write CSV files and tables again from what is there

Only the standard library is used. Calibration data are the first 1,000 training images; the test images are only scored.
Figures are counts of right answers on all 10,000 test images, or where it is said so on the first ones. The same tool, models and
data give the same files.
"""
import argparse
import csv
import io
import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import calibration

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RESULTS = os.path.join(ROOT, "experiments", "results")
WORK = os.path.join(ROOT, "out", "experiments")
PQS = os.path.join(ROOT, "bin", "pqs")
DOCUMENT = os.path.join(ROOT, "docs", "experiments.md")
DATA = "/usr/share/datasets/fashion-mnist"

NETWORKS = ["fashion-mlp", "fashion-dscnn", "fashion-resnet8"]
PATTERNS = ["2:4", "1:4"]
WEIGHT_BITS = [8, 6, 5, 4]
ACCUMULATOR_BITS = [32, 16, 14, 13, 12]

# The worth of each step is measured where weights are coarse, and the order of pruning and quantizing where the paper does.
STEPS = ["equalization", "reconstruction", "error-feedback", "scale-search", "bias-correction", "propagation", "all"]
STEPS_AT = ("2:4", 4, 16)
ORDER_AT = [(pattern, 8, 16) for pattern in PATTERNS]
SWEEP_AT = ("2:4", 6, 32)

# Sorting every dot product literally takes long: of the test images, the first ones, and not for the large networks.
SWEEP_NETWORKS = ["fashion-mlp"]
SWEEP_IMAGES = 1000
CHECK_AT = ("2:4", 6, 16)


def data(split, what):
    return os.path.join(DATA, f"{split}-{what}-idx{3 if what == 'images' else 1}-ubyte.gz")


def model(network):
    return os.path.join(ROOT, "models", network + ".onnx")


class Run:
    """A call of `pqs compress`, known by its network and its options."""

    def __init__(self, network, pattern, weight_bits, accumulator_bits, *more):
        self.network = network
        self.options = ["--weight-bits", str(weight_bits)]
        if pattern:
            self.options += ["--prune", pattern]
        if accumulator_bits != 32:
            self.options += ["--accumulator-bits", str(accumulator_bits)]
        if accumulator_bits < 16:
            self.options += ["--schedule", "exact"]
        self.options += more
        self.name = re.sub(r"[^a-z0-9]+", "-", " ".join([network, *self.options]))

    def path(self, extension):
        return os.path.join(WORK, self.name + extension)

    def do(self):
        execute(self.path(".json"), ["compress", model(self.network), "--calibration", data("train", "images"),
                                     *self.test(), *self.options, "--json", "-o", self.path(".onnx")])

    def test(self):
        return ["--test", data("t10k", "images"), "--test-labels", data("t10k", "labels")]

    def result(self):
        with open(self.path(".json"), encoding="utf-8") as file:
            return json.load(file)

    def correct(self, member="compressed"):
        test = self.result()["test"]
        return round(test[member] * test["samples"])


class Sweep(Run):
    """The same with weights that are fitted to no accumulator, and its accuracy over the width of accumulators on the first test images."""

    def __init__(self, network):
        super().__init__(network, *SWEEP_AT, "--guarantee", "none")

    def do(self):
        calibration.write_npz(self.path(".npz"), DATA, "t10k", SWEEP_IMAGES)
        super().do()

    def test(self):
        return ["--test", self.path(".npz"), "--sweep", "10..20", "--csv", self.path(".csv"), "--plot", self.path(".svg")]


class Check:
    """A compressed model in the reference interpreter, which says what a model means; `pqs compress` measures by something faster."""

    def __init__(self, run):
        self.run = run
        self.name = "check-" + run.name

    def path(self, extension):
        return os.path.join(WORK, self.name + extension)

    def do(self):
        full = self.path(".full")
        execute(full, ["run", self.run.path(".onnx"), "--inputs", data("t10k", "images"), "--labels", data("t10k", "labels"), "--json"])
        with open(full, encoding="utf-8") as file:
            accuracy = json.load(file)["accuracy"]
        os.remove(full)
        write(self.path(".json"), json.dumps(accuracy) + "\n")

    def correct(self):
        with open(self.path(".json"), encoding="utf-8") as file:
            return json.load(file)["correct"]


def execute(output, arguments):
    """Runs the tool; its standard output becomes a file only when it succeeds."""
    done = subprocess.run([PQS, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"pqs {' '.join(arguments)}\n{done.stderr}")
    write(output, done.stdout)


def write(path, text):
    with open(path + ".part", "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.replace(path + ".part", path)


def grid(network):
    return [Run(network, pattern, weights, accumulator)
            for pattern in PATTERNS for weights in WEIGHT_BITS for accumulator in ACCUMULATOR_BITS]


def orders(network, at):
    """Quantize first; prune first by magnitude alone; prune first with all steps."""
    return [Run(network, *at, "--order", "quantize-first"), Run(network, *at, "--without", "reconstruction"), Run(network, *at)]


def plan(networks):
    """All runs, each once, those that say most in front, and the checks of their results."""
    runs = [Run(network, "", 8, 32) for network in networks]
    runs += [Run(network, *CHECK_AT) for network in networks]
    for index in range(len(grid(networks[0]))):
        runs += [grid(network)[index] for network in networks]
    runs += [Sweep(network) for network in SWEEP_NETWORKS]
    runs += [run for network in networks for at in ORDER_AT for run in orders(network, at)]
    runs += [Run(network, *STEPS_AT, "--without", step) for step in STEPS for network in networks]
    return list({run.name: run for run in runs}.values()), [Check(Run(network, *CHECK_AT)) for network in networks]


def carry_out(jobs, workers, keep, counter):
    lock = threading.Lock()

    def one(job):
        if not (keep and os.path.exists(job.path(".json"))):
            job.do()
        with lock:
            counter["done"] += 1
            print(f"{counter['done']} of {counter['all']}: {job.name}", file=sys.stderr, flush=True)

    with ThreadPoolExecutor(workers) as pool:
        for future in [pool.submit(one, job) for job in jobs]:
            future.result()


def points(correct):
    return f"{correct / 100:.2f}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "|".join(["---"] * len(head)) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def accuracy_table(network):
    dense = Run(network, "", 8, 32)
    first = f"float {points(dense.correct('float'))}, int8 dense {points(dense.correct())}\n\n"
    rows = [[pattern, str(weights), *(points(Run(network, pattern, weights, p).correct()) for p in ACCUMULATOR_BITS)]
            for pattern in PATTERNS for weights in WEIGHT_BITS]
    return first + table(["N:M", "weight bits", *(f"P = {p}" for p in ACCUMULATOR_BITS)], rows)


def order_table(networks):
    rows = [[network, pattern, *(points(run.correct()) for run in orders(network, (pattern, bits, p)))]
            for network in networks for pattern, bits, p in ORDER_AT]
    return table(["network", "N:M", "quantize first", "prune first, by magnitude", "prune first"], rows)


def steps_table(networks):
    rows = [["none", *(points(Run(network, *STEPS_AT).correct()) for network in networks)]]
    rows += [[step, *(points(Run(network, *STEPS_AT, "--without", step).correct()) for network in networks)] for step in STEPS]
    return table(["left out", *networks], rows)


def sweep_table(network):
    with open(Sweep(network).path(".csv"), encoding="utf-8") as file:
        rows = [[row["bits"], *(f"{100 * int(row[name]) / int(row['samples']):.1f}" for name in ("naturalCorrect", "oneRoundCorrect", "sortedCorrect"))]
                for row in csv.DictReader(file)]
    return table(["P", "natural order", "one sorting round", "sorted"], rows)


def write_results(networks, runs, checks):
    os.makedirs(RESULTS, exist_ok=True)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["network", "options", "images", "floatCorrect", "correct", "weights", "nonZeroWeights", "sums", "clippedSums"])
    for run in runs:
        result = run.result()
        layers = result["layers"]
        rows.writerow([run.network, " ".join(run.options), result["test"]["samples"], run.correct("float"), run.correct(),
                       *(sum(layer[name] for layer in layers) for name in ("weights", "nonZeroWeights", "sums", "clippedSums"))])
    write(os.path.join(RESULTS, "accuracy.csv"), text.getvalue())
    for network in SWEEP_NETWORKS:
        sweep = Sweep(network)
        for extension in (".csv", ".svg"):
            with open(sweep.path(extension), encoding="utf-8") as file:
                write(os.path.join(RESULTS, f"{network}-width{extension}"), file.read())

    tables = {f"accuracy {network}": accuracy_table(network) for network in networks}
    tables |= {f"width {network}": sweep_table(network) for network in SWEEP_NETWORKS}
    tables |= {"order": order_table(networks), "steps": steps_table(networks), "check": check_table(checks)}
    with open(DOCUMENT, encoding="utf-8") as file:
        document = file.read()
    for name, made in tables.items():
        document, found = re.subn(f"(<!-- table: {name} -->\n).*?(<!-- end -->)", lambda at: f"{at[1]}\n{made}\n\n{at[2]}", document, flags=re.DOTALL)
        if found != 1:
            raise SystemExit(f"{DOCUMENT} has no place for the table '{name}'")
    write(DOCUMENT, document)


def check_table(checks):
    rows = []
    for check in checks:
        if check.correct() != check.run.correct():
            raise SystemExit(f"{check.run.name}: the reference interpreter counts {check.correct()} right answers, compress {check.run.correct()}")
        rows.append([check.run.network, f"{check.correct():,}", f"{check.run.correct():,}"])
    return table(["network", "`pqs run`", "`pqs compress --test`"], rows)


def main():
    parser = argparse.ArgumentParser(description="Measure what compression costs in accuracy; write experiments/results and docs/experiments.md.")
    parser.add_argument("--keep", action="store_true", help="keep the results of an earlier run that ended early")
    parser.add_argument("--tables", action="store_true", help="run nothing, write CSV files and tables from the results that are there")
    parser.add_argument("--workers", type=int, default=2, help="processes at a time (default: 2)")
    arguments = parser.parse_args()

    os.makedirs(WORK, exist_ok=True)
    runs, checks = plan(NETWORKS)
    if not arguments.tables:
        counter = {"done": 0, "all": len(runs) + len(checks)}
        carry_out(runs, arguments.workers, arguments.keep, counter)
        carry_out(checks, arguments.workers, arguments.keep, counter)
    write_results(NETWORKS, runs, checks)


if __name__ == "__main__":
    main()
