"""
Trains one small model with an XGBoost before 2, for the stored models of old layouts. Runs on Python 3.10 with
`pip install xgboost==VERSION "numpy<1.24" scipy`.

    python train_old.py OUT
"""
import json
import pathlib
import sys

import numpy as np
import xgboost

random = np.random.RandomState(1)
rows = random.normal(size=(200, 4)).astype("f4")
rows[random.random_sample(rows.shape) < 0.1] = np.nan
signal = np.nan_to_num(rows[:, 0]) + np.nan_to_num(rows[:, 1]) ** 2
settings = {
    "binary": ({"objective": "binary:logistic", "base_score": 0.4}, signal > 0.5),
    "classes": ({"objective": "multi:softprob", "num_class": 3, "booster": "dart", "rate_drop": 0.4}, np.digitize(signal, [0, 1])),
}
for kind, (parameters, label) in settings.items():
    booster = xgboost.train({"max_depth": 2, "seed": 1, **parameters}, xgboost.DMatrix(rows, label.astype("f4")), 3)
    name = pathlib.Path(sys.argv[1]) / f"{xgboost.__version__}-{kind}"
    booster.save_model(f"{name}.json")
    some = xgboost.DMatrix(rows[:8])
    expected = {
        "rows": [None if np.isnan(x) else float(x) for x in rows[:8].ravel()],
        "margins": [float(x) for x in booster.predict(some, output_margin=True).ravel()],
    }
    pathlib.Path(f"{name}.expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
