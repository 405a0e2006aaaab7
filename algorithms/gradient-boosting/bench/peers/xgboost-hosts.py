"""Trains on one host of several with XGBoost: xgboost-hosts.py RANK ROWS HOSTS TREES ADDRESS TRACKER-FILE"""
import json
import os
import sys
import time
from contextlib import nullcontext

import numpy as np
import xgboost
from xgboost import collective
from xgboost.tracker import RabitTracker

rank, rows, hosts, trees, address, tracker_file = sys.argv[1:]
rank, hosts, trees = int(rank), int(hosts), int(trees)


class Rounds(xgboost.callback.TrainingCallback):
    """Says that a round is over."""

    def after_iteration(self, model, epoch, evals_log):
        print(f"round={epoch} ", flush=True)
        return False


def tracker_arguments():
    """The first host starts the tracker; the others read where it is."""
    if rank == 0:
        tracker = RabitTracker(host_ip=address, n_workers=hosts, sortby="task")
        tracker.start()
        arguments = tracker.worker_args()
        with open(f"{tracker_file}.part", "w", encoding="utf8") as file:
            json.dump(arguments, file)
        os.rename(f"{tracker_file}.part", tracker_file)
        return arguments, tracker
    while not os.path.exists(tracker_file):
        time.sleep(0.01)
    with open(tracker_file, encoding="utf8") as file:
        return json.load(file), None


table = np.load(rows)
tracker = None
if hosts > 1:
    arguments, tracker = tracker_arguments()
    context = collective.CommunicatorContext(**arguments, dmlc_task_id=str(rank))
else:
    context = nullcontext()
with context:
    data = xgboost.QuantileDMatrix(table[:, 1:], table[:, 0], max_bin=256, nthread=1)
    parameters = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "max_depth": 6,
        "max_bin": 256,
        "nthread": 1,
    }
    xgboost.train(parameters, data, trees, [(data, "train")], verbose_eval=False, callbacks=[Rounds()])
if tracker is not None:
    tracker.wait_for()
