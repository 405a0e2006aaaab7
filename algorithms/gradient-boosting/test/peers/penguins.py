"""Predicts the penguins with XGBoost from one of our models: `penguins.py MODEL TABLE`. Prints a JSON object.

predictions  probabilities of each row of the table, whose text columns are categories of pandas
reversed     the same, from categories in the reverse order; empty before XGBoost 3.1, which does not code them by name
unseen       what is said about a category that the model does not have
"""
import json
import sys

import pandas as pd
import xgboost

model = xgboost.Booster(model_file=sys.argv[1])
version = tuple(int(part) for part in xgboost.__version__.split('.')[:2])
table = pd.read_csv(sys.argv[2]).drop(columns='species')
texts = ['island', 'sex']


def predict(frame):
    return model.predict(xgboost.DMatrix(frame, enable_categorical=True)).tolist()


def with_categories(frame, order):
    return frame.assign(**{
        name: pd.Categorical(frame[name], sorted(frame[name].dropna().unique(), reverse=order < 0)) for name in texts
    })


unseen = 'none'
if version >= (3, 1):
    try:
        predict(with_categories(table.assign(island='Ross'), 1))
    except xgboost.core.XGBoostError as error:
        unseen = str(error)
print(json.dumps({
    'names': model.feature_names,
    'predictions': predict(with_categories(table, 1)),
    'reversed': predict(with_categories(table, -1)) if version >= (3, 1) else [],
    'unseen': unseen,
}))
