"""The Flask application: /ping is healthy once the model is loaded, /invocations answers CSV with CSV."""
import functools
import io
import pickle

import flask
import pandas

app = flask.Flask(__name__)


@functools.cache
def load_model():
    with open("/opt/ml/model/model.pkl", "rb") as file:
        return pickle.load(file)


@app.route("/ping", methods=["GET"])
def ping():
    return flask.Response("\n", status=200 if load_model() is not None else 404, mimetype="application/json")


@app.route("/invocations", methods=["POST"])
def invoke():
    if flask.request.content_type != "text/csv":
        return flask.Response("This predictor only supports CSV data", status=415, mimetype="text/plain")
    table = pandas.read_csv(io.StringIO(flask.request.data.decode("utf-8")), header=None)
    out = io.StringIO()
    pandas.DataFrame(load_model().predict(table)).to_csv(out, header=False, index=False)
    return flask.Response(out.getvalue(), status=200, mimetype="text/csv")
