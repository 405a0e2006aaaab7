"""The tables of the bench, read as programs/shapes.ts wrote them, and what is measured on them."""
import json
import sys
import time

import numpy as np
from measured import report


def read():
    """Features and labels of the rows to train on and of the block to test on, the shape, threads, further arguments."""
    feature_file, label_file, shape, threads, block, *more = sys.argv[1:]
    shape = json.loads(shape)
    columns, test_rows = shape["columns"], shape["testRows"]
    first = int(block) * test_rows
    last = first + test_rows

    def part(path, width, begin, end):
        count = (end - begin) * width
        return np.fromfile(path, np.float32, count, offset=4 * begin * width).reshape(-1, width)

    def all_but(path, width):
        values = np.empty((shape["rows"], width), np.float32)
        values[:first] = part(path, width, 0, first)
        values[first:] = part(path, width, last, shape["rows"] + test_rows)
        return values

    labels = all_but(label_file, 1)[:, 0], part(label_file, 1, first, last)[:, 0]
    train, test = all_but(feature_file, columns), part(feature_file, columns, first, last)
    return train, labels[0], test, labels[1], shape, int(threads), more


def auc(y, p):
    """Area under the ROC curve, ties counted half."""
    _, inverse, counts = np.unique(p, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks = (last - (counts - 1) / 2)[inverse]
    positives = y.sum()
    return (ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives))


def quality(y, p):
    p = np.asarray(p, np.float64)
    if p.ndim == 1:
        p1 = np.clip(p, 1e-16, 1 - 1e-16)
        return auc(y, p), -np.mean(np.where(y == 1, np.log(p1), np.log(1 - p1)))
    chosen = np.clip(p[np.arange(len(y)), y.astype(int)], 1e-16, 1)
    return np.mean(p.argmax(1) != y), -np.mean(np.log(chosen))


def finish(train_seconds, predict, test, y, one_row_runs):
    """Measures prediction and prints all numbers."""
    first, loss = quality(y, predict(test))
    shortest = min(timed(predict, test) for _ in range(5))
    row = np.ascontiguousarray(test[:1])
    latencies = sorted(timed(predict, row) for _ in range(one_row_runs))
    report(
        trainSeconds=train_seconds,
        predictSecondsPerMillion=shortest / len(test) * 1e6,
        rowMicroseconds=latencies[len(latencies) // 2] * 1e6,
        aucOrError=float(first),
        logloss=float(loss),
    )


def timed(run, *arguments):
    start = time.perf_counter()
    run(*arguments)
    return time.perf_counter() - start
