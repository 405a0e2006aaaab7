"""
Loads models that training jobs saved into real XGBoost, predicts rows, and compares with the answers of our endpoint.

    python answers.py DIRECTORY NAME…     reads NAME.ubj, NAME.json, NAME.rows.csv, NAME.score.csv, NAME.contributions.csv;
                                          prints one JSON line per model
"""
import json
import pathlib
import sys

import numpy as np
import xgboost


def read(path, shape):
    return np.genfromtxt(path, delimiter=",", dtype="f8").reshape(shape)


def check(directory, name, extension):
    booster = xgboost.Booster(model_file=str(directory / f"{name}.{extension}"))
    rows = np.genfromtxt(directory / f"{name}.rows.csv", delimiter=",", dtype="f4")
    data = xgboost.DMatrix(rows, feature_types=booster.feature_types, enable_categorical=True)
    scores = booster.predict(data)
    contributions = booster.predict(data, pred_contribs=True)
    ours = read(directory / f"{name}.score.csv", scores.shape)
    explained = read(directory / f"{name}.contributions.csv", contributions.shape)
    return {
        "name": f"{name}.{extension}",
        "scores": float(np.max(np.abs(scores - ours) / np.maximum(np.abs(scores), 1e-6))),
        "contributions": float(np.max(np.abs(contributions - explained))),
    }


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:]:
        for extension in ["ubj", "json"]:
            print(json.dumps(check(folder, name, extension)))
