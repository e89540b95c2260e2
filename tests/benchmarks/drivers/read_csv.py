"""Floor: pandas.read_csv alone, every column as text. Arguments: file, engine."""

import sys

import pandas as pd

path, engine = sys.argv[1:3]
frame = pd.read_csv(path, dtype=str, keep_default_na=False, engine="pyarrow" if engine == "pyarrow" else "c")
print(len(frame))
