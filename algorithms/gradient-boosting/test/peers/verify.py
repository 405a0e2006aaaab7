"""
Loads models that this project wrote into real XGBoost and compares what they predict with what was expected.

    python verify.py DIRECTORY      reads NAME.ours.json, NAME.ours.ubj and NAME.expected.json; prints one JSON line a case
"""
import json
import pathlib
import sys

import numpy as np
import xgboost


def relative(actual, expected, least):
    scale = np.maximum(np.abs(expected), least)
    return float(np.max(np.abs(actual - expected) / scale)) if len(expected) else 0.0


def check(directory, name):
    expected = json.loads((directory / f"{name}.expected.json").read_text())
    rows = np.array([np.nan if x is None else x for x in expected["rows"]], dtype="f4").reshape(-1, expected["features"])
    report = {"name": name}
    for extension in ["json", "ubj"]:
        booster = xgboost.Booster(model_file=directory / f"{name}.ours.{extension}")
        matrix = xgboost.DMatrix(
            rows, feature_types=booster.feature_types, feature_names=booster.feature_names, enable_categorical=True
        )
        margins = booster.predict(matrix, output_margin=True).ravel()
        report[f"{extension}Margins"] = relative(margins, np.array(expected["margins"], dtype="f4"), expected.get("least", 1e-3))
        if "contributions" in expected:
            contributions = booster.predict(matrix, pred_contribs=True).ravel()
            wanted = np.array(expected["contributions"], dtype="f4")
            report[f"{extension}Contributions"] = float(np.max(np.abs(contributions - wanted)))
        # What XGBoost saves again must load: its own checks run on the way.
        xgboost.Booster().load_model(booster.save_raw(raw_format=extension))
    return report


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for path in sorted(folder.glob("*.expected.json")):
        print(json.dumps(check(folder, path.name.removesuffix(".expected.json"))))
