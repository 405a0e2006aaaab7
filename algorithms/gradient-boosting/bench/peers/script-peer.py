"""The usual script: reads a CSV with pandas, trains XGBoost, saves the model: script-peer.py FILE ROUNDS THREADS MODEL"""
import sys

import numpy
import pandas
import xgboost
from measured import report

path, rounds, threads, model = sys.argv[1:]
table = pandas.read_csv(path, header=None, dtype=numpy.float32).to_numpy()
data = xgboost.DMatrix(table[:, 1:], table[:, 0], nthread=int(threads))
parameters = {"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6, "nthread": int(threads)}
xgboost.train(parameters, data, int(rounds)).save_model(model)
report(rows=len(table))
