"""What both sides must agree on of many predictions."""
import numpy as np


def summary(predictions):
    """Their number, their sum, and a sum that is another one if predictions change places."""
    values = predictions.astype(np.float64)
    weights = np.arange(len(values)) % 997 / 997
    return {"rows": len(values), "sum": float(values.sum()), "weightedSum": float(values @ weights)}
