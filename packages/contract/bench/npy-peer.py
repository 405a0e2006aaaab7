"""A .npy file to an array in memory with NumPy: `npy-peer.py FILE`. The clock runs around `numpy.load` alone."""
import sys
import time

import numpy
from measured import report

start = time.perf_counter()
table = numpy.load(sys.argv[1], allow_pickle=False)
report(seconds=time.perf_counter() - start, rows=table.shape[0])
