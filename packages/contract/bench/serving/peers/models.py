"""The models of the Python servers: rows in, predictions out."""
import joblib
import xgboost


def load(path):
    """The function from rows [rows x features] to predictions [rows] of a saved model; one thread, as rows are few."""
    if path.endswith(".joblib"):
        return joblib.load(path).predict
    booster = xgboost.Booster(model_file=path, params={"nthread": 1})
    return booster.inplace_predict
