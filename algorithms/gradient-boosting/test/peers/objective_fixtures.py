"""Writes test/fixtures/objectives.json: what real XGBoost takes as gradients, base_score, margins and predictions.

Run with a Python that has xgboost and numpy; the file names their versions. XGBoost does not show its gradients, so
they are read from a tree that isolates rows: without regularisation a leaf holds -G/H and its cover is H. Rows that
XGBoost leaves together (equal -g/h) are compared by their sums; `leaf` says which rows share a leaf.

    python objective_fixtures.py ../fixtures/objectives.json
"""

import json
import sys

import numpy as np
import xgboost as xgb

ROWS = 40
ISOLATING = {
    "tree_method": "hist",
    "grow_policy": "lossguide",
    "max_depth": 0,
    "max_leaves": 0,
    "max_bin": 1024,
    "min_child_weight": 0,
    "reg_lambda": 0,
    "reg_alpha": 0,
    "gamma": 0,
    "eta": 1,
    "nthread": 1,
    "seed": 7,
}


def floats(values):
    """Shortest decimals that are the same float32 again; infinity as a string, which JSON lacks."""
    flat = np.asarray(values, dtype=np.float32).ravel()
    return [float(str(v)) if np.isfinite(v) else str(v) for v in flat]


def trees_of(booster):
    model = json.loads(booster.save_raw("json"))
    return model["learner"]["gradient_booster"]["model"]["trees"]


def leaf_sums(tree, leaves):
    """Per leaf, in the order of first use by a row: -value * cover and cover; and each row's leaf."""
    ids = list(dict.fromkeys(int(leaf) for leaf in leaves))
    value = [np.float32(tree["split_conditions"][i]) for i in ids]
    cover = [np.float32(tree["sum_hessian"][i]) for i in ids]
    gradient = [-float(v) * float(c) for v, c in zip(value, cover)]
    return {
        "leaf": [ids.index(int(leaf)) for leaf in leaves],
        "gradient": gradient,
        "hessian": [float(c) for c in cover],
    }


def make_matrix(data, margins=None):
    rows = len(data["labels"])
    matrix = xgb.DMatrix(np.arange(rows, dtype=np.float32).reshape(-1, 1))
    bounds = data.get("bounds")
    if bounds is None:
        matrix.set_label(data["labels"])
    else:
        matrix.set_float_info("label_lower_bound", bounds[0])
        matrix.set_float_info("label_upper_bound", bounds[1])
    if "groups" in data:
        matrix.set_group(data["groups"])
    if "weights" in data:
        matrix.set_weight(data["weights"])
    if margins is not None:
        matrix.set_base_margin(margins)
    return matrix


def gradients(params, matrix, groups):
    booster = xgb.train({**ISOLATING, "base_score": 0.5, **params}, matrix, num_boost_round=1)
    leaves = booster.predict(matrix, pred_leaf=True, strict_shape=True).reshape(matrix.num_row(), -1)
    return [leaf_sums(trees_of(booster)[g], leaves[:, g]) for g in range(groups)]


def base_scores(booster):
    config = json.loads(booster.save_config())
    text = config["learner"]["learner_model_param"]["base_score"]
    return [float(v) for v in text.strip("[]").split(",")]


def case(name, objective, data, margins, **params):
    margins = np.asarray(margins, dtype=np.float32)
    groups = 1 if margins.ndim == 1 else margins.shape[1]
    params = {"objective": objective, **params}
    started = make_matrix(data, margins)
    # With eta 0 the trees add nothing: predictions are the transformed margins.
    still = xgb.train({**ISOLATING, **params, "eta": 0}, make_matrix(data), num_boost_round=1)
    plain = make_matrix(data)
    return {
        "name": name,
        "objective": objective,
        "params": {key: value for key, value in params.items() if key != "objective"},
        "targetCount": 1 if np.ndim(data["labels"]) == 1 else np.shape(data["labels"])[1],
        "labels": floats(data["labels"]),
        **({"weights": floats(data["weights"])} if "weights" in data else {}),
        **({"queryStart": [0, *np.cumsum(data["groups"]).tolist()]} if "groups" in data else {}),
        **({"bounds": {"lower": floats(data["bounds"][0]), "upper": floats(data["bounds"][1])}} if "bounds" in data else {}),
        "margins": floats(margins),
        "sums": gradients(params, started, groups),
        "baseScore": base_scores(still),
        "baseMargins": floats(still.predict(plain, output_margin=True).reshape(len(data["labels"]), -1)[0]),
        "predictions": floats(still.predict(started)),
    }


def regression_cases(random):
    margins = random.normal(0, 1.2, ROWS)
    real = {"labels": random.normal(0.3, 1.5, ROWS)}
    weighted = {**real, "weights": random.uniform(0.1, 3, ROWS)}
    positive = {"labels": random.gamma(2, 1.2, ROWS) + 0.05}
    # Poisson: -g/h stays below max_delta_step, which also clamps the leaf.
    counts = {"labels": np.floor(np.exp(margins) * random.uniform(0.2, 2.2, ROWS))}
    unit = {"labels": random.uniform(0, 1, ROWS)}
    two = np.stack([margins, margins * 0.5 - 0.4], axis=1)
    both = {"labels": random.normal(0.3, 1.5, (ROWS, 2)), "weights": weighted["weights"]}
    ones = {"labels": np.where(random.uniform(size=ROWS) < 0.3, 1.0, real["labels"]), "weights": weighted["weights"]}
    levels = [0.1, 0.5, 0.85]
    three = np.stack([margins, margins + random.normal(0, 0.5, ROWS), margins + 0.7], axis=1)
    yield case("squared error", "reg:squarederror", real, margins)
    yield case("squared error, weights", "reg:squarederror", weighted, margins)
    yield case("squared error, scale_pos_weight", "reg:squarederror", ones, margins, scale_pos_weight=2.5)
    yield case("squared error, two targets", "reg:squarederror", both, two)
    yield case("squared log error", "reg:squaredlogerror", positive, np.abs(margins))
    yield case("squared log error, below -1", "reg:squaredlogerror", {**positive, "weights": weighted["weights"]}, margins)
    yield case("logistic regression", "reg:logistic", {**unit, "weights": weighted["weights"]}, margins * 3)
    yield case("pseudo-Huber", "reg:pseudohubererror", real, margins)
    yield case("pseudo-Huber, slope and weights", "reg:pseudohubererror", weighted, margins, huber_slope=0.4)
    yield case("absolute error", "reg:absoluteerror", real, margins)
    yield case("absolute error, weights", "reg:absoluteerror", weighted, margins)
    yield case("absolute error, two targets", "reg:absoluteerror", both, two)
    yield case("quantile", "reg:quantileerror", real, margins, quantile_alpha=0.7)
    yield case("three quantiles, weights", "reg:quantileerror", weighted, three, quantile_alpha=levels)
    yield case("three quantiles", "reg:quantileerror", real, three, quantile_alpha=levels)
    yield case("expectile", "reg:expectileerror", real, margins, expectile_alpha=0.7)
    yield case("three expectiles, weights", "reg:expectileerror", weighted, three, expectile_alpha=levels)
    yield case("gamma", "reg:gamma", positive, margins)
    yield case("gamma, weights", "reg:gamma", {**positive, "weights": weighted["weights"]}, margins)
    yield case("tweedie", "reg:tweedie", {"labels": np.maximum(real["labels"], 0)}, margins)
    yield case("tweedie, power and weights", "reg:tweedie", {"labels": np.maximum(real["labels"], 0), "weights": weighted["weights"]}, margins, tweedie_variance_power=1.2)
    yield case("poisson", "count:poisson", counts, margins)
    yield case("poisson, weights", "count:poisson", {**counts, "weights": weighted["weights"]}, margins)


def class_cases(random):
    margins = random.normal(0, 2, ROWS)
    binary = {"labels": (random.uniform(size=ROWS) < 0.35).astype(np.float32)}
    weighted = {**binary, "weights": random.uniform(0.1, 3, ROWS)}
    classes = {"labels": random.integers(0, 4, ROWS).astype(np.float32)}
    four = random.normal(0, 1.5, (ROWS, 4))
    yield case("binary logistic", "binary:logistic", binary, margins)
    yield case("binary logistic, weights and scale_pos_weight", "binary:logistic", weighted, margins, scale_pos_weight=3.5)
    yield case("binary logistic, weights", "binary:logistic", weighted, margins)
    yield case("raw logistic", "binary:logitraw", weighted, margins)
    yield case("raw logistic, scale_pos_weight", "binary:logitraw", binary, margins, scale_pos_weight=0.5)
    yield case("hinge", "binary:hinge", binary, margins)
    yield case("hinge, weights", "binary:hinge", weighted, margins)
    yield case("softmax", "multi:softmax", classes, four, num_class=4)
    yield case("softprob, weights", "multi:softprob", {**classes, "weights": weighted["weights"]}, four, num_class=4)


def survival_cases(random):
    margins = random.normal(0, 0.8, ROWS)
    times = np.round(random.gamma(2, 3, ROWS), 1) + 0.1
    signed = {"labels": np.where(random.uniform(size=ROWS) < 0.3, -times, times)}
    weights = random.uniform(0.1, 3, ROWS)
    yield case("cox", "survival:cox", signed, margins)
    yield case("cox, weights and ties", "survival:cox", {"labels": np.ceil(np.abs(signed["labels"])) * np.sign(signed["labels"]), "weights": weights}, margins)
    kind = np.arange(ROWS) % 4
    lower = np.where(kind == 1, 0, times)
    upper = np.select([kind == 0, kind == 1, kind == 2], [times, times, np.inf], times * 1.7)
    bounded = {"labels": times, "bounds": (lower, upper)}
    for distribution in ("normal", "logistic", "extreme"):
        for scale in (1.0, 0.35):
            options = {"aft_loss_distribution": distribution, "aft_loss_distribution_scale": scale}
            data = bounded if scale == 1.0 else {**bounded, "weights": weights}
            yield case(f"aft, {distribution} {scale}", "survival:aft", data, margins + 1, **options)
    yield case("aft, normal, far away", "survival:aft", bounded, margins * 60, aft_loss_distribution="normal")
    yield case("aft, logistic, far away", "survival:aft", bounded, margins * 900, aft_loss_distribution="logistic")
    yield case("aft, extreme, far away", "survival:aft", bounded, margins * 60, aft_loss_distribution="extreme")


def ranking_cases(random):
    sizes = [1, 7, 12, 20, 60]
    rows = sum(sizes)
    margins = random.normal(0, 1, rows)
    graded = {"labels": random.integers(0, 5, rows).astype(np.float32), "groups": sizes}
    clicked = {"labels": (random.uniform(size=rows) < 0.4).astype(np.float32), "groups": sizes}
    weights = random.uniform(0.2, 3, len(sizes))
    for objective in ("rank:pairwise", "rank:ndcg", "rank:map"):
        data = clicked if objective == "rank:map" else graded
        yield case(f"{objective}", objective, data, margins)
        yield case(f"{objective}, weights, top 4", objective, {**data, "weights": weights}, margins, lambdarank_num_pair_per_sample=4)
        yield case(f"{objective}, equal scores", objective, data, np.zeros(rows))
        yield case(f"{objective}, no normalisation", objective, data, margins, lambdarank_normalization=False, lambdarank_score_normalization=False)
        drawn = {"lambdarank_pair_method": "mean", "lambdarank_num_pair_per_sample": 3}
        # The first draw of std::mt19937 with ISOLATING's seed seeds the pairs of round 0.
        seed = int(np.random.RandomState(ISOLATING["seed"]).randint(0, 2**32, dtype=np.uint32))
        yield {**case(f"{objective}, random pairs", objective, data, margins, **drawn), "pairSeed": seed}
    yield case("rank:ndcg, linear gain", "rank:ndcg", graded, margins, ndcg_exp_gain=False)


def unbiased_rounds(random):
    """Position biases after each of three rounds, and each round's gradients."""
    sizes = [9, 14, 30]
    rows = sum(sizes)
    labels = (random.uniform(size=rows) < 0.4).astype(np.float32)
    data = {"labels": labels, "groups": sizes}
    matrix = make_matrix(data)
    params = {**ISOLATING, "objective": "rank:ndcg", "lambdarank_unbiased": True, "lambdarank_num_pair_per_sample": 8, "base_score": 0, "eta": 0.3}
    booster = xgb.Booster(params, [matrix])
    rounds = []
    for number in range(3):
        before = np.zeros(rows) if number == 0 else booster.predict(matrix, output_margin=True)
        booster.update(matrix, number)
        tree = trees_of(booster)[number]
        leaves = booster.predict(matrix, pred_leaf=True, strict_shape=True).reshape(rows, -1)[:, number]
        sums = leaf_sums(tree, leaves)
        sums["gradient"] = [g / 0.3 for g in sums["gradient"]]
        learned = json.loads(booster.save_config())["learner"]["objective"]
        rounds.append({"margins": floats(before), "sums": sums, "ti+": learned["ti+"], "tj-": learned["tj-"]})
    return {
        "labels": floats(labels),
        "queryStart": [0, *np.cumsum(sizes).tolist()],
        "truncation": 8,
        "rounds": rounds,
    }


def main(path):
    random = np.random.default_rng(20261121)
    cases = [
        *regression_cases(random),
        *class_cases(random),
        *survival_cases(random),
        *ranking_cases(random),
    ]
    document = {
        "versions": {"xgboost": xgb.__version__, "numpy": np.__version__, "python": sys.version.split()[0]},
        "cases": cases,
        "unbiased": unbiased_rounds(random),
    }
    with open(path, "w") as file:
        json.dump(document, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
