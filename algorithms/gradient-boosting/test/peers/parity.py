"""
Trains small models with real XGBoost's histogram method and writes each with its data and XGBoost's own cut points, so
that training here can start from the same bins.

    python parity.py OUT --cases 60 --seed 1      random settings over every objective whose training has no chance in it
    python parity.py OUT --fixtures               the fixed list that is stored with the unit tests

A case is NAME.ubj, the model, and NAME.case.json: hyperparameters under SageMaker's names, and arrays of little-endian
float32 as base64.
"""
import base64
import json

import numpy as np
import xgboost
from cases import VERSION, random_cases, run

# Labels, and the objective's own parameters.
OBJECTIVES = {
    "reg:squarederror": ("real", {}),
    "binary:logistic": ("binary", {}),
    "multi:softprob": ("class", {"num_class": 3}),
    "count:poisson": ("count", {}),
    "reg:squaredlogerror": ("positive", {}),
    "reg:logistic": ("share", {}),
    "reg:pseudohubererror": ("real", {"huber_slope": 1.5}),
    "reg:absoluteerror": ("real", {}),
    "reg:quantileerror": ("real", {"quantile_alpha": [0.2, 0.7]}),
    "reg:expectileerror": ("real", {"expectile_alpha": [0.2, 0.8]}),
    "reg:gamma": ("positive", {}),
    "reg:tweedie": ("positive", {"tweedie_variance_power": 1.3}),
    "binary:logitraw": ("binary", {}),
    "binary:hinge": ("binary", {}),
    "multi:softmax": ("class", {"num_class": 3}),
    "rank:pairwise": ("grade", {}),
    "rank:ndcg": ("grade", {}),
    "rank:map": ("binary", {}),
    "survival:cox": ("positive", {}),
    "survival:aft": ("positive", {}),
}
# Versions that train as the newest does. Before 3.4 leaves of these were medians and quantiles, sets of categories were
# not all tried, gains at bounded weights left alpha out, and dart's weights counted the classes otherwise.
NEEDS = {"reg:expectileerror": (3, 3), "reg:absoluteerror": (3, 4), "reg:quantileerror": (3, 4)}
RANKING = "rank:"


def pick(random, *values):
    return values[random.integers(len(values))]


def chance(random, share):
    return bool(random.random() < share)


def random_settings(random, objective, features, categorical):
    settings = {"objective": objective, **OBJECTIVES[objective][1]}
    settings["eta"] = pick(random, 0.1, 0.3, 1.0)
    settings["lambda"] = pick(random, 0.0, 0.3, 1.0, 1.0, 10.0)
    settings["alpha"] = pick(random, 0.0, 0.0, 0.5, 3.0)
    settings["gamma"] = pick(random, 0.0, 0.0, 0.1, 2.0)
    settings["min_child_weight"] = pick(random, 0.0, 1.0, 1.0, 5.0, 20.0)
    if settings["lambda"] == 0:
        # With neither, the output of a leaf of rows that are learnt has no bound.
        settings["min_child_weight"] = max(settings["min_child_weight"], 1.0)
    if chance(random, 0.3):
        settings["max_delta_step"] = pick(random, 0.1, 0.7)
    if chance(random, 0.3):
        settings |= {"grow_policy": "lossguide", "max_depth": pick(random, 0, 5), "max_leaves": int(random.integers(2, 25))}
    else:
        settings["max_depth"] = int(random.integers(1, 8))
        if chance(random, 0.1):
            settings["max_leaves"] = int(random.integers(2, 25))
    if chance(random, 0.3):
        directions = random.integers(-1, 2, size=features)
        directions[categorical] = 0
        settings["monotone_constraints"] = directions.tolist()
    if chance(random, 0.3):
        groups = [sorted(random.choice(features, size=random.integers(1, features), replace=False).tolist()) for _ in range(2)]
        settings["interaction_constraints"] = groups
    if categorical:
        settings["max_cat_to_onehot"] = pick(random, 1, 4, 4, 100) if VERSION >= (3, 4) else 100
        settings["max_cat_threshold"] = pick(random, 64, 64, 3)
    is_bounded = "monotone_constraints" in settings or "max_delta_step" in settings or objective == "count:poisson"
    if VERSION < (3, 4) and is_bounded:
        settings["alpha"] = 0.0
    if chance(random, 0.3):
        settings["base_score"] = pick(random, 0.2, 0.5)
    if objective.startswith("binary:log") and chance(random, 0.4):
        settings["scale_pos_weight"] = 2.5
    if objective == "survival:cox":
        # Hazards have no bound, and XGBoost's sums of them lose all digits when they grow fast.
        settings |= {"eta": 0.1, "lambda": max(settings["lambda"], 1.0)}
    if objective == "survival:aft":
        settings["aft_loss_distribution"] = pick(random, "normal", "logistic", "extreme")
    if objective.startswith(RANKING):
        settings["lambdarank_num_pair_per_sample"] = int(random.integers(1, 12))
        settings["lambdarank_normalization"] = chance(random, 0.5)
        if objective == "rank:ndcg":
            settings["ndcg_exp_gain"] = chance(random, 0.7)
    if chance(random, 0.1) and (VERSION >= (3, 4) or "num_class" not in settings):
        # All trees dropped in each round, or none: dart without chance.
        share = pick(random, {"rate_drop": 1.0}, {"rate_drop": 0.5, "skip_drop": 1.0})
        settings |= {"booster": "dart", "normalize_type": pick(random, "tree", "forest"), **share}
    elif chance(random, 0.1):
        settings["num_parallel_tree"] = 2
    return settings


def make_table(random, rows, features, categorical, missing, distinct):
    values = random.normal(size=(rows, features))
    if distinct:
        values = np.floor(values * distinct / 4)
    for column in categorical:
        values[:, column] = random.integers(0, pick(random, 3, 7, 20), size=rows)
    values = values.astype("f4")
    values[random.random(values.shape) < missing] = np.nan
    filled = np.nan_to_num(values)
    signal = filled[:, 0] + 0.5 * filled[:, 1] ** 2 - filled[:, 1] * filled[:, 2]
    for column in categorical:
        signal = signal + np.isin(values[:, column], [1, 2, 5, 11])
    noisy = signal / max(1.0, signal.std()) + 0.5 * random.normal(size=rows)
    labels = {
        "real": noisy,
        "positive": np.exp(0.5 * noisy),
        "binary": noisy > 0.3,
        "share": 1 / (1 + np.exp(-noisy)),
        "count": np.exp(0.7 * noisy),
        "class": np.digitize(noisy, [-0.3, 0.8]),
        "grade": np.digitize(noisy, [-0.5, 0.5, 1.2]),
    }
    return values, {kind: label.astype("f4") for kind, label in labels.items()}


def encode(array):
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()


def write_case(out, name, settings, random, *, rows, features, categorical=(), missing=0.0, distinct=0, max_bin=256, rounds=4):
    objective = settings["objective"]
    values, labels = make_table(random, rows, features, list(categorical), missing, distinct)
    label = labels[OBJECTIVES[objective][0]]
    ranking = objective.startswith(RANKING)
    queries = [rows // 8] * 8 if ranking else None
    weights = random.uniform(0.5, 1.5, size=8 if ranking else rows).astype("f4")
    case = {"name": name, "xgboost": xgboost.__version__, "rows": rows, "columns": features, "rounds": rounds}
    types = ["c" if column in categorical else "q" for column in range(features)]
    matrix = xgboost.QuantileDMatrix(values, label, feature_types=types, enable_categorical=True, max_bin=max_bin, nthread=1)
    matrix.set_info(weight=weights)
    if ranking:
        matrix.set_info(group=queries)
        case["queryRows"] = queries[0]
        weights = np.repeat(weights, queries[0])
    if objective == "survival:aft":
        upper = np.where(np.arange(rows) % 3 == 0, np.inf, label)
        matrix.set_info(label_lower_bound=label, label_upper_bound=upper)
        label = np.stack([label, np.where(np.isinf(upper), -1, upper)], axis=1)
    if objective == "survival:cox":
        label = np.where(np.arange(rows) % 4 == 0, -label, label)
        matrix.set_info(label=label)
    starts, cuts = matrix.get_quantile_cut()
    case["cuts"] = [encode(own[np.isfinite(own)]) for own in np.split(cuts, starts[1:-1].astype(int))]
    parameters = {"tree_method": "hist", "max_bin": max_bin, "nthread": 1, **settings}
    for key in ["monotone_constraints", "interaction_constraints", "quantile_alpha", "expectile_alpha"]:
        if key in parameters:
            parameters[key] = f"({','.join(map(str, parameters[key]))})" if key.startswith("monotone") else json.dumps(parameters[key])
    booster = xgboost.train(parameters, matrix, rounds)
    booster.save_model(out / f"{name}.ubj")
    if categorical:
        settings = {**settings, "categorical_features": list(categorical)}
    case |= {"settings": {**settings, "max_bin": max_bin, "num_round": rounds}}
    case |= {"features": encode(values), "labels": encode(label), "weights": encode(weights)}
    (out / f"{name}.case.json").write_text(json.dumps(case, separators=(",", ":")) + "\n")


def write_random(out, cases, seed):
    for index, random, objective in random_cases(OBJECTIVES, NEEDS, cases, seed):
        features = int(random.integers(3, 9))
        categorical = sorted(random.choice(features, size=2, replace=False).tolist()) if chance(random, 0.35) else []
        settings = random_settings(random, objective, features, categorical)
        write_case(
            out,
            f"case-{index}",
            settings,
            random,
            rows=8 * int(random.integers(30, 400)),
            features=features,
            categorical=categorical,
            missing=pick(random, 0.0, 0.0, 0.1, 0.6),
            distinct=pick(random, 0, 0, 8, 40),
            max_bin=pick(random, 8, 64, 256, 256, 700),
            rounds=int(random.integers(2, 7)),
        )


def write_fixtures(out):
    """What a tree can be made of, each once, small. Rows have weights of their own, without which splits often tie."""
    small = {"rows": 160, "features": 4, "distinct": 24, "rounds": 3}
    base = {"max_depth": 3, "min_child_weight": 2.0}

    def write(name, seed, settings, **changes):
        objective = settings.get("objective", "reg:squarederror")
        settings = {**base, "objective": objective, **OBJECTIVES[objective][1], **settings}
        write_case(out, name, settings, np.random.default_rng(seed), **{**small, **changes})

    write("squared-error", 1, {})
    write("logistic-missing", 2, {"objective": "binary:logistic"}, missing=0.3)
    write("softprob", 3, {"objective": "multi:softprob"})
    write("poisson", 4, {"objective": "count:poisson"})
    write("penalties", 5, {"alpha": 1.5, "lambda": 0.2, "gamma": 0.5, "max_delta_step": 0.3})
    write("by-gain", 6, {"grow_policy": "lossguide", "max_depth": 0, "max_leaves": 7})
    write("monotone", 7, {"monotone_constraints": [1, -1, 0, 1]}, missing=0.1)
    write("interactions", 8, {"interaction_constraints": [[0, 1], [1, 2]]})
    write("one-hot", 9, {"max_cat_to_onehot": 100}, categorical=(1, 3), missing=0.1)
    write("partition", 10, {"max_cat_to_onehot": 1, "max_cat_threshold": 4}, categorical=(1, 3), missing=0.1)
    write("dart-drops-all", 11, {"booster": "dart", "rate_drop": 1.0})
    write("ranking", 12, {"objective": "rank:ndcg", "lambdarank_num_pair_per_sample": 6, "min_child_weight": 0.1})


if __name__ == "__main__":
    run(write_fixtures, write_random)
