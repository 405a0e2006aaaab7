"""Writes one table of the formats bench: `formats-data.py FORMAT ROWS FEATURES FILE`. Rows are the same in every format."""
import os
import struct
import sys

import numpy as np

from measured import report

kind, rows, features, path = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
random = np.random.default_rng(7)
CHUNK_ROWS = 50_000


def chunks():
    for start in range(0, rows, CHUNK_ROWS):
        count = min(CHUNK_ROWS, rows - start)
        yield random.integers(0, 2, count), random.standard_normal((count, features))


def write_parquet(target):
    import pyarrow
    from pyarrow import parquet

    names = ["label", *(f"x{j}" for j in range(features))]
    schema = pyarrow.schema([(name, pyarrow.float64()) for name in names])
    with parquet.ParquetWriter(target, schema) as writer:
        for labels, values in chunks():
            columns = [labels.astype(np.float64), *values.T]
            writer.write_table(pyarrow.table([pyarrow.array(column) for column in columns], schema=schema))


def write_libsvm(target):
    with open(target, "w") as file:
        for labels, values in chunks():
            for label, row in zip(labels, values.tolist()):
                file.write(f"{label} " + " ".join(f"{j}:{value:.6f}" for j, value in enumerate(row)) + "\n")


def write_records(target, is_sparse):
    from record_schema import MAGIC, record_class

    record_type = record_class()
    with open(target, "wb") as file:
        for labels, values in chunks():
            for label, row in zip(labels, values.astype(np.float32).tolist()):
                record = record_type()
                tensor = record.features["values"].float32_tensor
                if is_sparse:
                    tensor.values.extend(row[::2])
                    tensor.keys.extend(range(0, features, 2))
                    tensor.shape.append(features)
                else:
                    tensor.values.extend(row)
                record.label["values"].float32_tensor.values.append(label)
                payload = record.SerializeToString()
                file.write(struct.pack("<II", MAGIC, len(payload)) + payload + bytes(-len(payload) % 4))


WRITERS = {
    "parquet": write_parquet,
    "libsvm": write_libsvm,
    "dense records": lambda target: write_records(target, False),
    "sparse records": lambda target: write_records(target, True),
}
os.makedirs(os.path.dirname(path), exist_ok=True)
WRITERS[kind](path + ".unfinished")
os.rename(path + ".unfinished", path)
report(rows=rows)
