"""A lean server: FastAPI under uvicorn with its fastest parts, CSV by numpy alone.

    MODEL=MODEL.joblib uvicorn fastapi_server:app
"""
import os

import fastapi
import numpy as np

import models

app = fastapi.FastAPI()
predict = models.load(os.environ["MODEL"])


@app.get("/ping")
async def ping():
    return fastapi.Response()


@app.post("/invocations")
async def invocations(request: fastapi.Request):
    lines = (await request.body()).splitlines()
    rows = np.array([line.split(b",") for line in lines], dtype=np.float64)
    answer = "".join([f"{score}\n" for score in predict(rows).tolist()])
    return fastapi.Response(answer, media_type="text/csv")
