"""The server of AWS's bring-your-own-container example, without its nginx: Flask under gunicorn, CSV by pandas.

    MODEL=MODEL.joblib gunicorn flask_server:app
"""
import io
import os

import flask
import pandas as pd

import models

app = flask.Flask(__name__)
loaded = {}


def predict(rows):
    if "model" not in loaded:
        loaded["model"] = models.load(os.environ["MODEL"])
    return loaded["model"](rows)


@app.route("/ping", methods=["GET"])
def ping():
    return flask.Response(response="\n", status=200, mimetype="application/json")


@app.route("/invocations", methods=["POST"])
def invocations():
    if flask.request.content_type != "text/csv":
        return flask.Response(response="This predictor only supports CSV data", status=415, mimetype="text/plain")
    rows = pd.read_csv(io.StringIO(flask.request.data.decode("utf-8")), header=None)
    out = io.StringIO()
    pd.DataFrame({"results": predict(rows.to_numpy())}).to_csv(out, header=False, index=False)
    return flask.Response(response=out.getvalue(), status=200, mimetype="text/csv")
