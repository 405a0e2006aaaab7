"""Fits scikit-learn's linear regression to a CSV file whose first column is the label: `fit_linear.py FILE MODEL.joblib`."""
import sys

import joblib
import numpy as np
from sklearn.linear_model import LinearRegression

table = np.loadtxt(sys.argv[1], delimiter=",")
joblib.dump(LinearRegression().fit(table[:, 1:], table[:, 0]), sys.argv[2])
