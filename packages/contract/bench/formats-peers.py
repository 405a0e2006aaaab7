"""A file to columns in memory by the library that is usual for its format: `formats-peers.py FORMAT FILE`.

The clock runs from the call to the last value in memory, imports not counted. pyarrow uses one thread, as ours does;
XGBoost as many as it likes.
"""
import sys
import time

from measured import report

kind, path = sys.argv[1:]

if kind == "parquet":
    from pyarrow import parquet

    def read():
        table = parquet.ParquetFile(path).read(use_threads=False)
        columns = [column.to_numpy() for column in table.columns]
        return len(columns[0])

elif kind == "libsvm":
    import xgboost

    def read():
        return xgboost.DMatrix(f"{path}?format=libsvm").num_row()

else:
    import struct

    import numpy as np

    from record_schema import record_class

    record_type = record_class()

    def read():
        with open(path, "rb") as file:
            content = memoryview(file.read())
        labels, rows, at = [], [], 0
        while at < len(content):
            _, length = struct.unpack_from("<II", content, at)
            record = record_type.FromString(content[at + 8 : at + 8 + length])
            tensor = record.features["values"].float32_tensor
            if kind == "sparse records":
                row = np.zeros(tensor.shape[0], np.float32)
                row[np.array(tensor.keys)] = tensor.values
            else:
                row = np.array(tensor.values, np.float32)
            rows.append(row)
            labels.append(record.label["values"].float32_tensor.values[0])
            at += 8 + (length + 3) // 4 * 4
        return np.stack(rows).shape[0]

start = time.perf_counter()
rows = read()
report(seconds=time.perf_counter() - start, rows=rows)
