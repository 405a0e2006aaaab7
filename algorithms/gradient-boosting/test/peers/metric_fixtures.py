"""Writes test/fixtures/metrics.json: what real XGBoost and scikit-learn measure for given margins.

Run with a Python that has xgboost, scikit-learn and numpy; the file names their versions. A learning rate of 0
keeps predictions at a matrix's base margins, so the evaluation is the metric of exactly those margins.

    python metric_fixtures.py ../fixtures/metrics.json
"""

import json
import sys

import numpy as np
import sklearn
import sklearn.metrics as skm
import xgboost as xgb

from objective_fixtures import floats, make_matrix

ROWS = 60


def measure(objective, params, data, margins, metrics):
    """XGBoost's values by metric name; with no metrics, its default one. With eta 0 the margins stay as given."""
    settings = {"objective": objective, "nthread": 1, "eta": 0, "max_depth": 1, **params}
    if metrics:
        settings["eval_metric"] = metrics
    watched = {}
    evals = [(make_matrix(data, margins), "x")]
    xgb.train(settings, make_matrix(data), 1, evals=evals, evals_result=watched, verbose_eval=False)
    return {name: (None if np.isnan(values[0]) else values[0]) for name, values in watched["x"].items()}


def case(name, objective, data, margins, metrics=(), **params):
    margins = np.asarray(margins, dtype=np.float32)
    plain = {key: value for key, value in data.items() if key != "weights"}
    variants = [("", data)] if len(plain) == len(data) else [("", plain), (", weights", data)]
    for suffix, variant in variants:
        yield {
            "name": name + suffix,
            "objective": objective,
            "params": params,
            "targetCount": 1 if np.ndim(variant["labels"]) == 1 else np.shape(variant["labels"])[1],
            "labels": floats(variant["labels"]),
            **({"weights": floats(variant["weights"])} if "weights" in variant else {}),
            **({"queryStart": [0, *np.cumsum(variant["groups"]).tolist()]} if "groups" in variant else {}),
            **({"bounds": {"lower": floats(variant["bounds"][0]), "upper": floats(variant["bounds"][1])}} if "bounds" in variant else {}),
            "margins": floats(margins),
            "values": {**measure(objective, params, variant, margins, list(metrics)), **sklearn_values(objective, variant, margins)},
            # XGBoost forgets aft_loss_distribution_scale in its default metric, so that one is asked for by name.
            "default": list(measure(objective, params, variant, margins, ["aft-nloglik"] if objective == "survival:aft" else []).items()),
        }


def sklearn_values(objective, data, margins):
    y, w = np.asarray(data["labels"], dtype=np.float32), data.get("weights")
    w = None if w is None else np.asarray(w, dtype=np.float32)
    margins = margins.astype(np.float64)
    if objective == "reg:squarederror" and y.ndim == 1:
        return {
            "mse": skm.mean_squared_error(y, margins, sample_weight=w),
            "r2": skm.r2_score(y, margins, sample_weight=w),
        }
    if objective not in ("binary:logistic", "multi:softprob"):
        return {}
    predicted = (margins > 0).astype(int) if margins.ndim == 1 else margins.argmax(axis=1)
    weighted = {"y_true": y.astype(int), "y_pred": predicted, "sample_weight": w}
    many = {**weighted, "zero_division": 0}
    values = {
        "accuracy": skm.accuracy_score(**weighted),
        "balanced_accuracy": skm.balanced_accuracy_score(**weighted),
        "f1": skm.f1_score(**many, average="macro"),
        "f1_macro": skm.f1_score(**many, average="macro"),
        "precision_macro": skm.precision_score(**many, average="macro"),
        "precision_micro": skm.precision_score(**many, average="micro"),
        "recall_macro": skm.recall_score(**many, average="macro"),
        "recall_micro": skm.recall_score(**many, average="micro"),
    }
    if margins.ndim == 1:
        values["f1_binary"] = skm.f1_score(**many)
        values["precision"] = skm.precision_score(**many)
        values["recall"] = skm.recall_score(**many)
    return {name: float(value) for name, value in values.items()}


def cases(random):
    margins = random.normal(0, 1.2, ROWS)
    weights = random.uniform(0.1, 3, ROWS)
    real = {"labels": random.normal(0.3, 1.5, ROWS), "weights": weights}
    positive = {"labels": random.gamma(2, 1.2, ROWS) + 0.05, "weights": weights}
    counts = {"labels": random.poisson(np.exp(margins)).astype(np.float32), "weights": weights}
    yield from case("squared error", "reg:squarederror", real, margins, ["rmse", "mae", "mape", "mphe"])
    yield from case("positive regression", "reg:squarederror", positive, np.abs(margins), ["rmse", "rmsle", "mape", "mphe"], huber_slope=0.4)
    two = np.stack([margins, margins * 0.5 - 0.4], axis=1)
    yield from case("two targets", "reg:squarederror", {"labels": random.normal(0.3, 1.5, (ROWS, 2)), "weights": weights}, two, ["rmse", "mae", "mphe"])
    yield from case("pseudo-Huber", "reg:pseudohubererror", real, margins, ["mphe"], huber_slope=0.4)
    yield from case("squared log error", "reg:squaredlogerror", positive, np.abs(margins), ["rmsle"])
    yield from case("absolute error", "reg:absoluteerror", real, margins, ["mae"])
    yield from case("gamma", "reg:gamma", positive, margins, ["gamma-deviance", "gamma-nloglik", "tweedie-nloglik@1.3"])
    yield from case("tweedie", "reg:tweedie", counts, margins, ["tweedie-nloglik@1.5", "rmse"], tweedie_variance_power=1.7)
    yield from case("poisson", "count:poisson", counts, margins, ["poisson-nloglik", "rmsle"])
    three = np.stack([margins, margins + random.normal(0, 0.5, ROWS), margins + 0.7], axis=1)
    yield from case("quantiles", "reg:quantileerror", real, three, ["quantile"], quantile_alpha=[0.1, 0.5, 0.85])
    yield from case("expectiles", "reg:expectileerror", real, three, ["expectile"], expectile_alpha=[0.1, 0.5, 0.85])

    # Few distinct margins: equal predictions are part of what auc defines.
    tied = np.round(random.normal(0, 1.5, ROWS), 1)
    binary = {"labels": (random.uniform(size=ROWS) < 1 / (1 + np.exp(-tied))).astype(np.float32), "weights": weights}
    listed = ["auc", "aucpr", "logloss", "error", "error@0.7", "rmse", "ndcg", "map", "pre@5"]
    weighted_rows = [name for name in listed if name not in ("ndcg", "map", "pre@5")]
    plain = {"labels": binary["labels"]}
    yield from case("binary logistic, all", "binary:logistic", plain, tied, listed)
    yield from case("binary logistic", "binary:logistic", binary, tied, weighted_rows)
    yield from case("binary logistic, fractions", "reg:logistic", {"labels": random.uniform(0, 1, ROWS), "weights": weights}, tied, weighted_rows)
    yield from case("raw logistic", "binary:logitraw", binary, tied, ["auc", "logloss", "error@0"])
    yield from case("hinge", "binary:hinge", binary, tied, ["error", "auc"])
    yield from case("one class", "binary:logistic", {"labels": np.ones(ROWS)}, tied, ["auc", "aucpr"])
    yield from case("extreme probabilities", "binary:logistic", binary, tied * 60, ["logloss", "auc"])
    four = np.round(random.normal(0, 1.5, (ROWS, 4)), 1)
    classes = {"labels": random.integers(0, 4, ROWS).astype(np.float32), "weights": weights}
    yield from case("classes", "multi:softprob", classes, four, ["mlogloss", "merror", "auc", "aucpr"], num_class=4)
    yield from case("classes by softmax", "multi:softmax", classes, four, ["mlogloss", "merror", "auc"], num_class=4)
    absent = {"labels": random.integers(0, 2, ROWS).astype(np.float32), "weights": weights}
    yield from case("absent class", "multi:softprob", absent, four - [0, 0, 0, 9], ["mlogloss", "merror"], num_class=4)

    sizes = [1, 2, 7, 12, 20, 70]
    rows = sum(sizes)
    scores = np.round(random.normal(0, 1, rows), 2)
    graded = {"labels": random.integers(0, 5, rows).astype(np.float32), "groups": sizes, "weights": random.uniform(0.2, 3, len(sizes))}
    graded["labels"][3:10] = 0
    clicked = {**graded, "labels": (random.uniform(size=rows) < 0.4).astype(np.float32)}
    clicked["labels"][3:10] = 0
    yield from case("ndcg", "rank:ndcg", graded, scores, ["ndcg", "ndcg@5", "ndcg@5-", "ndcg-", "ndcg@40", "auc"])
    yield from case("ndcg, linear gain", "rank:ndcg", graded, scores, ["ndcg", "ndcg@5"], ndcg_exp_gain=False)
    yield from case("pairwise", "rank:pairwise", graded, scores, ["ndcg@3"])
    yield from case("ndcg, random pairs", "rank:ndcg", graded, scores, ["ndcg"], lambdarank_pair_method="mean")
    yield from case("map", "rank:map", clicked, scores, ["map", "map@5", "map@5-", "map-", "pre", "pre@3", "auc", "aucpr"], lambdarank_num_pair_per_sample=6)

    times = np.round(random.gamma(2, 3, ROWS), 1) + 0.1
    signed = np.where(random.uniform(size=ROWS) < 0.3, -np.ceil(times), np.ceil(times))
    yield from case("cox", "survival:cox", {"labels": signed, "weights": weights}, margins, ["cox-nloglik"])
    kind = np.arange(ROWS) % 4
    lower = np.where(kind == 1, 0, times)
    upper = np.select([kind == 0, kind == 1, kind == 2], [times, times, np.inf], times * 1.7)
    bounded = {"labels": times, "bounds": (lower, upper), "weights": weights}
    for distribution in ("normal", "logistic", "extreme"):
        yield from case(f"aft, {distribution}", "survival:aft", bounded, margins + 1, ["aft-nloglik", "interval-regression-accuracy"], aft_loss_distribution=distribution, aft_loss_distribution_scale=0.8)


def main(path):
    random = np.random.default_rng(20261121)
    versions = {"xgboost": xgb.__version__, "scikit-learn": sklearn.__version__, "numpy": np.__version__}
    document = {"versions": {**versions, "python": sys.version.split()[0]}, "cases": list(cases(random))}
    with open(path, "w") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
