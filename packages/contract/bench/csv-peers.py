"""CSV file to typed columns in memory, by the library named on the command line: `csv-peers.py LIBRARY TYPE FILE`.

Every library runs with its default settings except for header, separator and column types, on as many threads as it likes;
the clock runs from the call to the last column in memory, imports not counted.
"""
import sys
import time

from measured import report

library, element, path = sys.argv[1:]
with open(path) as file:
    column_count = file.readline().count(",") + 1

if library == "pandas":
    import numpy as np
    import pandas

    if element == "text":
        # The table of text-table.ts: a label, six columns of text, two of numbers.
        types = {0: "float64", **{j: "category" for j in range(1, 7)}, 7: "float64", 8: "float64"}
    else:
        types = np.dtype(element)

    def read():
        return pandas.read_csv(path, header=None, dtype=types).shape[0]

elif library == "duckdb":
    import duckdb

    sql_type = {"float64": "DOUBLE", "float32": "FLOAT"}[element]
    columns = {f"c{j}": sql_type for j in range(column_count)}

    def read():
        table = duckdb.read_csv(path, header=False, sep=",", columns=columns).fetchnumpy()
        return len(table["c0"])

elif library == "polars":
    import polars

    polars_type = {"float64": polars.Float64, "float32": polars.Float32}[element]
    schema = {f"c{j}": polars_type for j in range(column_count)}

    def read():
        return polars.read_csv(path, has_header=False, schema=schema).height

elif library == "pyarrow":
    import pyarrow
    from pyarrow import csv

    names = [f"c{j}" for j in range(column_count)]
    types = {name: getattr(pyarrow, element)() for name in names}

    def read():
        return csv.read_csv(
            path,
            read_options=csv.ReadOptions(column_names=names),
            convert_options=csv.ConvertOptions(column_types=types),
        ).num_rows

else:
    raise SystemExit(f"unknown library {library}")

start = time.perf_counter()
rows = read()
report(seconds=time.perf_counter() - start, rows=rows)
