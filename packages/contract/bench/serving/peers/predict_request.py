"""Parses CSV with pandas and predicts it with XGBoost, again and again, without a server: `predict_request.py MODEL FILE BYTES`.

Prints the time of one, and the number and sums of its predictions.
"""
import io
import sys
import time

import pandas as pd
import xgboost
from measured import report
from predictions import summary

SECONDS = 2

booster = xgboost.Booster(model_file=sys.argv[1])
with open(sys.argv[2], "rb") as file:
    body = file.read(int(sys.argv[3]))


def predict():
    return booster.inplace_predict(pd.read_csv(io.BytesIO(body), header=None).to_numpy())


predictions = predict()
count = 0
start = time.perf_counter()
while time.perf_counter() - start < SECONDS:
    predictions = predict()
    count += 1
milliseconds = 1000 * (time.perf_counter() - start) / count
report(milliseconds=milliseconds, **summary(predictions))
