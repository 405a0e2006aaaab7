"""Trains and predicts with LightGBM: lightgbm-peer.py FEATURES LABELS SHAPE-AS-JSON THREADS BLOCK row|col|quantized"""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
import lightgbm
from shape import finish, read

train, y, test, test_y, shape, threads, (mode,) = read()
binary = shape["classes"] == 2
parameters = {
    "objective": "binary" if binary else "multiclass",
    "max_depth": 6,
    "num_leaves": 64,
    "max_bin": 255,
    "learning_rate": 0.3,
    "lambda_l2": 1,
    "min_child_weight": 1,
    "min_child_samples": 1,
    "num_threads": threads,
    "verbosity": -1,
    **({} if binary else {"num_class": shape["classes"]}),
    **({"force_col_wise": True} if mode == "col" else {"force_row_wise": True}),
    **({"use_quantized_grad": True} if mode == "quantized" else {}),
}
start = time.perf_counter()
data = lightgbm.Dataset(train, y, params=parameters)
booster = lightgbm.train(parameters, data, shape["rounds"])
seconds = time.perf_counter() - start
finish(seconds, lambda rows: booster.predict(rows, num_threads=threads), test, test_y, 500)
