"""The jobs of held-out.ts in PyTorch: held-out-peer.py TABLE.csv FOLDS.json HYPERPARAMETERS-AS-JSON MEASURE

The same rows, scaling, layers, distribution of first weights, optimizer, schedule, batches and epochs; random numbers of
its own. Hyperparameters are the algorithm's, and one that is not known here is an error.
"""
import json
import math
import sys
import time

import numpy as np
import torch
from torch import nn

table_file, folds_file, hyperparameters, measure = sys.argv[1:]
# Small nets: a second thread costs more than it saves.
torch.set_num_threads(1)
given = json.loads(hyperparameters)

# All of them start from He's distribution; tanh and sigmoid would from Glorot's.
ACTIVATIONS = {"relu": nn.ReLU, "elu": nn.ELU, "gelu": nn.GELU, "swish": nn.SiLU}
OPTIMIZERS = ("adam", "adamw", "sgd")
SCHEDULES = ("constant", "cosine")
LOSSES = {"multiclass": nn.CrossEntropyLoss, "binary": nn.BCEWithLogitsLoss, "regression": nn.MSELoss}


def taken(name, default):
    return given.pop(name, default)


def integers(text):
    return [] if text in ("", "none") else [int(number) for number in text.split(",")]


objective = taken("objective", None)
classes = int(taken("num_classes", "2"))
input_shape = integers(taken("input_shape", ""))
filters = integers(taken("convolution_filters", "32,64")) if input_shape else []
hidden = integers(taken("hidden_units", "128" if input_shape else "128,64"))
has_normalization = taken("batch_normalization", "false") == "true"
activation = ACTIVATIONS[taken("activation", "relu")]
dropout = float(taken("dropout", "0"))
optimizer_name = taken("optimizer", "adam")
learning_rate = float(taken("learning_rate", "0.01" if optimizer_name == "sgd" else "0.001"))
momentum = float(taken("momentum", "0.9"))
weight_decay = float(taken("weight_decay", "0.01" if optimizer_name == "adamw" else "0"))
schedule = taken("lr_schedule", "constant")
epochs = int(taken("epochs", "30"))
batch = int(taken("batch_size", "64"))
for name in ("backend", "threads", "seed"):
    taken(name, None)
has_decay = optimizer_name == "adamw" or weight_decay == 0
if given or not has_decay or optimizer_name not in OPTIMIZERS or schedule not in SCHEDULES:
    sys.exit(f"This peer does not know these hyperparameters: {given}, {optimizer_name}, {schedule}")

rows = np.loadtxt(table_file, delimiter=",", skiprows=1)
all_labels, all_features = rows[:, 0], rows[:, 1:]


def start(layer, is_activated):
    """He's normal distribution, cut at two deviations, before an activation; else Glorot's uniform one."""
    if is_activated:
        fan_in = nn.init._calculate_fan_in_and_fan_out(layer.weight)[0]
        deviation = math.sqrt(2 / fan_in) / 0.87962566103423978
        nn.init.trunc_normal_(layer.weight, 0, deviation, -2 * deviation, 2 * deviation)
    else:
        nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def activated(layer, normalization):
    normalized = [normalization] if has_normalization else []
    return [start(layer, not has_normalization), *normalized, activation()]


def network():
    layers = []
    width = all_features.shape[1]
    if input_shape:
        height, side, channels = input_shape
        for count in filters:
            layers += activated(nn.Conv2d(channels, count, 3, padding="same"), nn.BatchNorm2d(count))
            if min(height, side) >= 2:
                layers.append(nn.MaxPool2d(2))
                height, side = height // 2, side // 2
            channels = count
        layers.append(nn.Flatten())
        layers += [nn.Dropout(dropout)] if dropout and filters else []
        width = height * side * channels
    for units in hidden:
        layers += activated(nn.Linear(width, units), nn.BatchNorm1d(units))
        layers += [nn.Dropout(dropout)] if dropout else []
        width = units
    outputs = classes if objective == "multiclass" else 1
    return nn.Sequential(*layers, start(nn.Linear(width, outputs), False))


def scaling(values):
    """Mean and deviation of each column, of an image of each channel."""
    axis = (0, 1, 2) if input_shape else 0
    deviation = values.std(axis)
    return values.mean(axis), np.where(deviation == 0, 1, deviation)


def as_inputs(features):
    return features.reshape(-1, *input_shape) if input_shape else features


def tensor_of(inputs):
    """Images have their channels first here."""
    values = torch.from_numpy(inputs.astype(np.float32))
    return values.permute(0, 3, 1, 2).contiguous() if input_shape else values


def optimizer_of(model):
    if optimizer_name == "adam":
        return torch.optim.Adam(model.parameters(), lr=learning_rate)
    if optimizer_name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=learning_rate, momentum=momentum)
    kernels = [weight for weight in model.parameters() if weight.ndim > 1]
    others = [weight for weight in model.parameters() if weight.ndim == 1]
    groups = [{"params": kernels, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0}]
    return torch.optim.AdamW(groups, lr=learning_rate)


def train_and_measure(held_out, seed):
    torch.manual_seed(seed)
    is_held_out = np.zeros(len(rows), bool)
    is_held_out[held_out] = True
    mean, deviation = scaling(as_inputs(all_features[~is_held_out]))
    inputs = tensor_of((as_inputs(all_features) - mean) / deviation)
    labels = all_labels
    label_mean, label_deviation = 0, 1
    if objective == "regression":
        label_mean, label_deviation = labels[~is_held_out].mean(), labels[~is_held_out].std()
        labels = (labels - label_mean) / label_deviation
    target = torch.from_numpy(labels.astype(np.int64 if objective == "multiclass" else np.float32))
    x, y = inputs[~is_held_out], target[~is_held_out]
    model = train(x, y if objective == "multiclass" else y[:, None])
    with torch.inference_mode():
        outputs = model(inputs[is_held_out]).double().numpy()
    wanted = all_labels[is_held_out]
    if objective == "regression":
        return math.sqrt(np.mean((outputs[:, 0] * label_deviation + label_mean - wanted) ** 2))
    predicted = outputs.argmax(1) if objective == "multiclass" else outputs[:, 0] > 0
    return float(np.mean(predicted == wanted))


def train(x, y):
    model = network()
    model.train()
    optimizer = optimizer_of(model)
    loss_of = LOSSES[objective]()
    steps = epochs * math.ceil(len(x) / batch)
    step = 0
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for first in range(0, len(x), batch):
            part = order[first : first + batch]
            for group in optimizer.param_groups:
                share = (1 + math.cos(math.pi * step / steps)) / 2 if schedule == "cosine" else 1
                group["lr"] = learning_rate * share
            optimizer.zero_grad()
            loss_of(model(x[part]), y[part]).backward()
            optimizer.step()
            step += 1
    return model.eval()


with open(folds_file) as file:
    folds = json.load(file)
samples = []
for index, of_seed in enumerate(folds):
    started = time.perf_counter()
    values = [train_and_measure(held_out, len(of_seed) * index + fold) for fold, held_out in enumerate(of_seed)]
    seconds = (time.perf_counter() - started) / len(of_seed)
    samples.append({measure: float(np.mean(values)), "jobSeconds": seconds})
print(json.dumps(samples))
