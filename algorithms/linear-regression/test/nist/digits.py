"""Correct digits of `numpy.linalg.lstsq` on these files, the minimum over a problem's coefficients, as README has them."""

import json
import math
import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parent


def correct_digits(estimate, value):
    """As test/nist.test.ts."""
    truth = float(value)
    error = abs(estimate) if truth == 0 else abs(estimate - truth) / abs(truth)
    return 15 if error == 0 else min(15, max(0, -math.log10(error)))


for name, problem in json.loads((FOLDER / "certified.json").read_text()).items():
    label, *features = np.loadtxt(FOLDER / f"{name}.csv", delimiter=",", skiprows=1, unpack=True)
    powers = range(1, (problem["degree"] or 1) + 1)
    columns = [np.ones_like(label)] * problem["intercept"] + [x**power for x in features for power in powers]
    coefficients = np.linalg.lstsq(np.column_stack(columns), label)[0]
    print(name, f"{min(map(correct_digits, coefficients, problem['coefficients'])):.1f}")
