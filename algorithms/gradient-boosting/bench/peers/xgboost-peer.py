"""Trains and predicts with XGBoost: xgboost-peer.py FEATURES LABELS SHAPE-AS-JSON THREADS BLOCK"""
import os
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
import xgboost
from shape import finish, read

train, y, test, test_y, shape, threads, _ = read()
binary = shape["classes"] == 2
parameters = {
    "objective": "binary:logistic" if binary else "multi:softprob",
    "tree_method": "hist",
    "max_depth": 6,
    "max_bin": 256,
    "nthread": threads,
    **({} if binary else {"num_class": shape["classes"]}),
}
start = time.perf_counter()
data = xgboost.QuantileDMatrix(train, y, max_bin=256, nthread=threads)
booster = xgboost.train(parameters, data, shape["rounds"])
seconds = time.perf_counter() - start
finish(seconds, booster.inplace_predict, test, test_y, 2000)
