"""The server of AWS's bring-your-own-container example, without its nginx: Flask under gunicorn, a scikit-learn model.

    serve_peer.py MODEL.joblib        trains a small model and saves it
    MODEL=MODEL.joblib gunicorn serve_peer:app
"""
import io
import os
import sys

import flask
import joblib
import numpy as np

app = flask.Flask(__name__)
loaded = {}


def model():
    if "model" not in loaded:
        loaded["model"] = joblib.load(os.environ["MODEL"])
    return loaded["model"]


@app.route("/ping", methods=["GET"])
def ping():
    return flask.Response(response="\n", status=200 if model() is not None else 404, mimetype="application/json")


@app.route("/invocations", methods=["POST"])
def invocations():
    if flask.request.mimetype != "text/csv":
        return flask.Response(response="This predictor only supports CSV data", status=415, mimetype="text/plain")
    rows = np.loadtxt(io.StringIO(flask.request.data.decode()), delimiter=",", ndmin=2)
    answer = "".join(f"{score}\n" for score in model().predict(rows))
    return flask.Response(response=answer, status=200, mimetype="text/csv")


if __name__ == "__main__":
    from sklearn.linear_model import LinearRegression

    random = np.random.default_rng(7)
    features = random.normal(size=(1000, 10))
    joblib.dump(LinearRegression().fit(features, features.sum(axis=1)), sys.argv[1])
