"""
What the programs that write cases of real XGBoost have in common: which objectives a random case may have, and the
command line.
"""

import argparse
import pathlib

import numpy as np
import xgboost

VERSION = tuple(map(int, xgboost.__version__.split(".")[:2]))


def random_cases(objectives, needs, cases, seed):
    """(index, generator, objective) of each; objectives that need a newer XGBoost are left out."""
    known = [name for name in objectives if needs.get(name, (0, 0)) <= VERSION]
    for index in range(cases):
        yield index, np.random.default_rng([seed, index]), known[index % len(known)]


def run(write_fixtures, write_random):
    """Writes the fixtures or the random cases, as the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fixtures", action="store_true")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.fixtures:
        write_fixtures(arguments.out)
    else:
        write_random(arguments.out, arguments.cases, arguments.seed)
