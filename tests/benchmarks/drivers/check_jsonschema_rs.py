"""Peer: the jsonschema-rs library, row by row over pandas. Arguments: file, schema file."""

import json
import sys

import jsonschema_rs
import pandas as pd

path, schema_path = sys.argv[1:3]
with open(schema_path, encoding="utf-8") as stream:
    validator = jsonschema_rs.validator_for(json.load(stream))
frame = pd.read_csv(path, dtype=str, keep_default_na=False)
bad = 0
errors: list[tuple[int, list[str | int], str]] = []
for number, row in enumerate(frame.to_dict("records"), start=2):
    if validator.is_valid(row):
        continue
    bad += 1
    errors.extend((number, list(error.instance_path), error.message) for error in validator.iter_errors(row))
print(json.dumps({"rows": len(frame), "invalid": bad}))
