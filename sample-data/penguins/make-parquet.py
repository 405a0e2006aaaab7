"""Writes penguins.parquet from penguins.csv, as pandas does with text as categories; penguins-complete.parquet without the
rows that have a missing value.

    pip install pandas pyarrow; python make-parquet.py
"""
from pathlib import Path

import pandas as pd

folder = Path(__file__).parent
frame = pd.read_csv(folder / 'penguins.csv')
frame['sex'] = frame['sex'].astype('category')
frame.to_parquet(folder / 'penguins.parquet', index=False)
frame.dropna().to_parquet(folder / 'penguins-complete.parquet', index=False)
