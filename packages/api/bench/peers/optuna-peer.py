"""A study of 40 trials with Optuna, on the ranges of a SageMaker tuning job; reports the best objective and the seconds.

    optuna-peer.py branin|hartmann6|COMMAND-AS-JSON RANGES-AS-JSON gp|tpe SEED

A command gets the hyperparameters as JSON as its last argument and prints the objective.
"""
import json
import math
import os
import subprocess
import sys
import time

# As Optuna's documentation advises for its Gaussian process: its threads only hinder each other.
os.environ["OMP_NUM_THREADS"] = "1"

import optuna
from measured import report

TRIALS = 40
HARTMANN = [
    (1.0, [10, 3, 17, 3.5, 1.7, 8], [1312, 1696, 5569, 124, 8283, 5886]),
    (1.2, [0.05, 10, 17, 0.1, 8, 14], [2329, 4135, 8307, 3736, 1004, 9991]),
    (3.0, [3, 3.5, 1.7, 10, 17, 8], [2348, 1451, 3522, 2883, 3047, 6650]),
    (3.2, [17, 8, 0.05, 10, 0.1, 14], [4047, 8828, 8732, 5743, 1091, 381]),
]
task, ranges, sampler, seed = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], int(sys.argv[4])


def branin(x1, x2):
    square = x2 - 5.1 / (4 * math.pi**2) * x1**2 + 5 / math.pi * x1 - 6
    return square**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x1) + 10


def hartmann6(*x):
    return -sum(
        height * math.exp(-sum(a * (xi - c / 10_000) ** 2 for a, xi, c in zip(slopes, x, center)))
        for height, slopes, center in HARTMANN
    )


def suggest(trial):
    values = {}
    for kind in ("Integer", "Continuous"):
        for entry in ranges.get(f"{kind}ParameterRanges", []):
            number = int if kind == "Integer" else float
            ask = trial.suggest_int if kind == "Integer" else trial.suggest_float
            ends = number(entry["MinValue"]), number(entry["MaxValue"])
            values[entry["Name"]] = ask(entry["Name"], *ends, log=entry["ScalingType"] == "Logarithmic")
    for entry in ranges.get("CategoricalParameterRanges", []):
        values[entry["Name"]] = trial.suggest_categorical(entry["Name"], entry["Values"])
    return values


def objective(trial):
    values = suggest(trial)
    if task in ("branin", "hartmann6"):
        return (branin if task == "branin" else hartmann6)(*values.values())
    texts = {name: str(value) for name, value in values.items()}
    return float(subprocess.run([*json.loads(task), json.dumps(texts)], check=True, capture_output=True, text=True).stdout)


optuna.logging.set_verbosity(optuna.logging.ERROR)
start = time.perf_counter()
samplers = {"gp": optuna.samplers.GPSampler, "tpe": optuna.samplers.TPESampler}
study = optuna.create_study(sampler=samplers[sampler](seed=seed))
study.optimize(objective, n_trials=TRIALS)
report(best=study.best_value, seconds=time.perf_counter() - start)
