"""Trains and predicts with PyTorch: torch-peer.py FEATURES LABELS NET-AS-JSON THREADS plain|fused

The same net, first weights (their distribution), loss, optimizer, batches and epochs; `fused` is Adam's fused kernel. Rows
are shuffled once per epoch and cut into batches by slices, as in measure.ts.
"""
import json
import sys
import time

import numpy as np
import torch
from measured import report
from torch import nn

feature_file, label_file, net, threads, adam = sys.argv[1:]
net = json.loads(net)
torch.set_num_threads(int(threads))
torch.manual_seed(1)
rows, columns, batch = net["rows"], net["columns"], net["batch"]
features = torch.from_numpy(np.fromfile(feature_file, np.float32).reshape(rows, columns))
labels = torch.from_numpy(np.fromfile(label_file, np.float32).reshape(rows, 1))


def make_model():
    """He's normal distribution, cut at two deviations, before a rectifier; Glorot's uniform one before the output."""
    layers = []
    width = columns
    for units in net["hidden"]:
        layer = nn.Linear(width, units)
        deviation = (2 / width) ** 0.5 / 0.87962566103423978
        nn.init.trunc_normal_(layer.weight, std=deviation, a=-2 * deviation, b=2 * deviation)
        nn.init.zeros_(layer.bias)
        layers += [layer, nn.ReLU()]
        width = units
    head = nn.Linear(width, 1)
    nn.init.xavier_uniform_(head.weight)
    nn.init.zeros_(head.bias)
    return nn.Sequential(*layers, head)


def train(model, rows, epochs):
    """Mean loss of the last epoch."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **({"fused": True} if adam == "fused" else {}))
    loss_of = nn.BCEWithLogitsLoss()
    for _ in range(epochs):
        order = torch.randperm(rows)
        x, y = features[order], labels[order]
        total = torch.zeros(())
        for first in range(0, rows, batch):
            last = min(first + batch, rows)
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(model(x[first:last]), y[first:last])
            loss.backward()
            optimizer.step()
            total += loss.detach() * (last - first)
        mean = float(total) / rows
    return mean


train(make_model(), 2 * batch, 1)  # the first steps import and compile what they need
model = make_model()
start = time.perf_counter()
mean = train(model, rows, net["epochs"])
seconds = time.perf_counter() - start


def timed(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


with torch.inference_mode():
    step = 8192

    def predict():
        for first in range(0, rows, step):
            torch.sigmoid(model(features[first : first + step]))

    shortest = min(timed(predict) for _ in range(10))
    row = features[:1]
    latencies = sorted(timed(lambda: torch.sigmoid(model(row))) for _ in range(5000))
report(
    trainSeconds=seconds,
    predictSecondsPerMillion=shortest / rows * 1e6,
    rowMicroseconds=latencies[len(latencies) // 2] * 1e6,
    loss=mean,
)
