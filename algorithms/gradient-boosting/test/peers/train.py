"""
Trains small models with real XGBoost and writes each with what it predicts, for tests that compare.

    python train.py OUT --cases 60 --seed 1       random settings over every objective and booster
    python train.py OUT --fixtures                the fixed list that is stored with the unit tests

A case is NAME.json and NAME.ubj, the saved model, and NAME.expected.json: rows, margins, leaf indices, contributions,
interactions and importance, as XGBoost gives them. Missing values are null.
"""
import json

import numpy as np
import pandas
import xgboost
from cases import VERSION, random_cases, run

FEATURES = 6
CATEGORICAL = 5
CATEGORIES = 12
IMPORTANCE = ["weight", "gain", "cover", "total_gain", "total_cover"]

OBJECTIVES = {
    "reg:squarederror": ("real", {}),
    "reg:squaredlogerror": ("positive", {}),
    "reg:logistic": ("binary", {}),
    "reg:pseudohubererror": ("real", {"huber_slope": 1.5}),
    "reg:absoluteerror": ("real", {}),
    "reg:quantileerror": ("real", {"quantile_alpha": [0.1, 0.5, 0.9]}),
    "reg:expectileerror": ("real", {"expectile_alpha": [0.2, 0.8]}),
    "reg:gamma": ("positive", {}),
    "reg:tweedie": ("positive", {"tweedie_variance_power": 1.3}),
    "binary:logistic": ("binary", {}),
    "binary:logitraw": ("binary", {}),
    "binary:hinge": ("binary", {}),
    "count:poisson": ("count", {}),
    "multi:softmax": ("class", {"num_class": 3}),
    "multi:softprob": ("class", {"num_class": 3}),
    "rank:pairwise": ("grade", {}),
    "rank:ndcg": ("grade", {}),
    "rank:map": ("binary", {}),
    "survival:cox": ("positive", {}),
    "survival:aft": ("positive", {"aft_loss_distribution": "logistic"}),
}
NEEDS = {"reg:expectileerror": (3, 3)}


def make_data(random, rows, missing, categorical):
    values = random.normal(size=(rows, FEATURES)).astype("f4")
    if categorical:
        values[:, CATEGORICAL] = random.integers(0, CATEGORIES, size=rows)
    values[random.random(values.shape) < missing] = np.nan
    filled = np.nan_to_num(values)
    signal = filled[:, 0] + filled[:, 1] ** 2 - filled[:, 2] * filled[:, 3]
    if categorical:
        signal = signal - np.isin(values[:, CATEGORICAL], [1, 4, 7])
    noisy = signal + 0.3 * random.normal(size=rows)
    labels = {
        "real": noisy,
        "positive": np.exp(0.3 * noisy),
        "binary": (noisy > 0.5).astype("f4"),
        "count": np.floor(np.exp(0.3 * noisy)),
        "class": np.digitize(noisy, [-0.3, 1.2]).astype("f4"),
        "grade": np.digitize(noisy, [-0.5, 0.5, 1.5]).astype("f4"),
    }
    return values, labels


def make_frame(values, names):
    """The same rows as a data frame whose categories have names, which XGBoost stores in the model."""
    frame = pandas.DataFrame(values, columns=names)
    codes = np.nan_to_num(values[:, CATEGORICAL], nan=-1).astype(int)
    frame[names[CATEGORICAL]] = pandas.Categorical.from_codes(codes, [f"wert {i}ß" for i in range(CATEGORIES)])
    return frame


def make_matrix(values, label, objective, categorical, names, framed=False):
    if framed:
        return xgboost.DMatrix(make_frame(values, names), label, enable_categorical=True)
    matrix = xgboost.DMatrix(
        values,
        label,
        feature_types=["q"] * (FEATURES - 1) + ["c" if categorical else "q"],
        feature_names=names,
        enable_categorical=True,
    )
    if objective.startswith("rank:"):
        matrix.set_group([len(values) // 4] * 4)
    if objective == "survival:aft":
        matrix.set_float_info("label_lower_bound", label)
        matrix.set_float_info("label_upper_bound", np.where(np.arange(len(label)) % 3 == 0, np.inf, label))
    return matrix


def as_list(array):
    """Shortest text of each float32; null for NaN and for a prediction that overflows."""
    flat = np.asarray(array, dtype="f4").ravel()
    return [float(np.format_float_positional(x, unique=True)) if np.isfinite(x) else None for x in flat]


def write_case(out, name, settings, rng_seed, categorical=False, missing=0.1, rounds=6, keep=12, named=False, both=True, framed=False):
    random = np.random.default_rng(rng_seed)
    objective = settings["objective"]
    kind, own = OBJECTIVES[objective]
    linear = settings.get("booster") == "gblinear"
    values, labels = make_data(random, 320, 0 if linear else missing, categorical)
    names = [f"größe {i}" if i == 1 else f"column_{i}" for i in range(FEATURES)] if named else None
    matrix = make_matrix(values, labels[kind], objective, categorical, names, framed)
    parameters = {"max_depth": 3, "seed": rng_seed, "nthread": 1, "max_cat_to_onehot": 2, **own, **settings}
    stops = parameters.pop("stop_early", None)
    extra = {"evals": [(matrix, "train")], "early_stopping_rounds": 3, "verbose_eval": False} if stops else {}
    booster = xgboost.train(parameters, matrix, rounds, **extra)
    booster.save_model(out / f"{name}.ubj")
    if both:
        booster.save_model(out / f"{name}.json")
    some = make_matrix(values[:keep], labels[kind][:keep], "", categorical, names, framed)
    expected = {
        "objective": objective,
        "settings": settings,
        "xgboost": xgboost.__version__,
        "features": FEATURES,
        "rows": as_list(values[:keep]),
        "margins": as_list(booster.predict(some, output_margin=True)),
        "predictions": as_list(booster.predict(some)),
        "contributions": as_list(booster.predict(some, pred_contribs=True)),
    }
    if not linear:
        expected["leaves"] = [int(x) for x in booster.predict(some, pred_leaf=True).ravel()]
        scores = {kind: booster.get_score(importance_type=kind) for kind in IMPORTANCE}
        keys = names or [f"f{i}" for i in range(FEATURES)]
        expected["importance"] = {kind: as_list([score.get(key, 0) for key in keys]) for kind, score in scores.items()}
        expected["firstRounds"] = as_list(booster.predict(some, output_margin=True, iteration_range=(1, 3)))
        if settings.get("multi_strategy") is None:
            few = make_matrix(values[:3], labels[kind][:3], "", categorical, names, framed)
            expected["interactions"] = as_list(booster.predict(few, pred_interactions=True))
    (out / f"{name}.expected.json").write_text(json.dumps(expected, separators=(",", ":"), ensure_ascii=False) + "\n")


def write_fixtures(out):
    """One small case for each objective, then one for each structure a model can have."""
    small = {"rounds": 4, "keep": 6}
    for index, objective in enumerate(OBJECTIVES):
        name = objective.replace(":", "-")
        write_case(out, name, {"objective": objective}, index, both=index == 0, **small)
    squared = {"objective": "reg:squarederror"}
    write_case(out, "categorical", squared, 31, categorical=True, **small)
    write_case(out, "dart", {**squared, "booster": "dart", "rate_drop": 0.4}, 32, **small)
    write_case(out, "forest", {**squared, "num_parallel_tree": 3, "subsample": 0.5}, 33, both=False, **small)
    write_case(out, "leaf-wise", {**squared, "grow_policy": "lossguide", "max_depth": 0, "max_leaves": 24}, 34, both=False, **small)
    write_case(out, "deep", {**squared, "max_depth": 9, "min_child_weight": 0}, 35, both=False, rounds=3, keep=6)
    write_case(out, "pruned", {**squared, "tree_method": "exact", "gamma": 8.0}, 36, **small)
    write_case(out, "given-base", {"objective": "binary:logistic", "base_score": 0.2}, 37, both=False, **small)
    write_case(out, "vector-leaf", {"objective": "multi:softprob", "multi_strategy": "multi_output_tree"}, 38, **small)
    write_case(out, "named", squared, 39, named=True, **small)
    write_case(out, "data-frame", squared, 42, categorical=True, named=True, framed=True, **small)
    write_case(out, "linear", {**squared, "booster": "gblinear", "updater": "coord_descent"}, 40, **small)
    write_case(out, "early-stopped", {"objective": "binary:logistic", "stop_early": True, "eta": 2.0}, 41, both=False, rounds=30, keep=6)


def random_settings(random, objective):
    settings = {"objective": objective, "eta": float(random.choice([0.1, 0.3, 1.0]))}
    settings["tree_method"] = str(random.choice(["hist", "approx"]))
    if random.random() < 0.3:
        settings |= {"booster": "dart", "rate_drop": 0.3, "normalize_type": str(random.choice(["tree", "forest"]))}
    if random.random() < 0.3:
        settings |= {"grow_policy": "lossguide", "max_depth": 0, "max_leaves": int(random.integers(2, 60))}
    else:
        settings["max_depth"] = int(random.integers(1, 11))
    if random.random() < 0.25:
        settings |= {"num_parallel_tree": int(random.integers(2, 4)), "subsample": 0.6}
    if random.random() < 0.3:
        settings["base_score"] = float(random.choice([0.1, 0.5, 0.7]))
    if random.random() < 0.3:
        settings["min_child_weight"] = 0.0
    # Trees of vectors have no contributions and no categories before 3.4.
    if VERSION >= (3, 4) and objective.startswith("multi:") and "booster" not in settings and random.random() < 0.3:
        settings |= {"multi_strategy": "multi_output_tree", "tree_method": "hist"}
    if objective.startswith("rank:") and objective != "rank:map" and random.random() < 0.3:
        settings["lambdarank_unbiased"] = True
    return settings


def write_random(out, cases, seed):
    for index, random, objective in random_cases(OBJECTIVES, NEEDS, cases, seed):
        settings = random_settings(random, objective)
        options = {
            "categorical": bool(random.random() < 0.4),
            "missing": float(random.choice([0.0, 0.1, 0.7])),
            "rounds": int(random.integers(3, 15)),
            "keep": 60,
            "named": bool(random.random() < 0.3),
        }
        options["framed"] = options["named"] and options["categorical"] and not objective.startswith(("rank:", "survival:"))
        write_case(out, f"case-{index}", settings, seed * 1000 + index, **options)


if __name__ == "__main__":
    run(write_fixtures, write_random)
