"""The usual script: reads the table with pandas, solves with numpy's lstsq, saves the coefficients.

    linear-regression-peer.py FILE OUTPUT.npz
"""
import sys

import numpy as np
import pandas
from measured import report

path, output = sys.argv[1:]
table = pandas.read_csv(path, header=None, dtype=np.float64).to_numpy()
features, target = table[:, 1:], table[:, 0]
design = np.column_stack([np.ones(len(features)), features])
coefficients, *_ = np.linalg.lstsq(design, target, rcond=None)
np.savez(output, coefficients=coefficients)
report(rows=len(table))
