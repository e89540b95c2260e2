"""Peer: the jsonschema library, row by row over pandas. Arguments: file, schema file."""

import json
import sys

import jsonschema
import pandas as pd

path, schema_path = sys.argv[1:3]
with open(schema_path, encoding="utf-8") as stream:
    validator = jsonschema.Draft202012Validator(json.load(stream))
frame = pd.read_csv(path, dtype=str, keep_default_na=False)
bad = 0
errors = []
for number, row in enumerate(frame.to_dict("records"), start=2):
    found = [(number, list(error.path), error.message) for error in validator.iter_errors(row)]
    bad += bool(found)
    errors.extend(found)
print(json.dumps({"rows": len(frame), "invalid": bad}))
