"""Reads a CSV file with pandas, predicts it with XGBoost and writes the predictions: `transform_file.py MODEL FILE OUTPUT`."""
import sys

import pandas as pd
import xgboost
from measured import report
from predictions import summary

booster = xgboost.Booster(model_file=sys.argv[1])
rows = pd.read_csv(sys.argv[2], header=None)
predictions = booster.inplace_predict(rows.to_numpy())
pd.Series(predictions).to_csv(sys.argv[3], header=False, index=False)
report(**summary(predictions))
