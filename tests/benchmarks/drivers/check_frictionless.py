"""Peer: frictionless, with the same rules as a Table Schema and no limit on errors. Arguments: file, schema file."""

import json
import sys

from frictionless import Checklist, Resource, Schema

path, schema_path = sys.argv[1:3]
with open(schema_path, encoding="utf-8") as stream:
    rules = json.load(stream)
header = [name for name in rules["properties"] if name in rules["required"]]
fields = []
for name in header:
    rule = rules["properties"][name]
    constraints = {"required": True}
    if "minLength" in rule:
        constraints["minLength"] = rule["minLength"]
    if "enum" in rule:
        constraints["enum"] = rule["enum"]
    fields.append({"name": name, "type": "string", "constraints": constraints})
schema = Schema.from_descriptor({"fields": fields})
report = Resource(path=path, schema=schema).validate(Checklist(), limit_errors=100_000_000)
bad = {error.row_number for task in report.tasks for error in task.errors if hasattr(error, "row_number")}
print(json.dumps({"rows": report.tasks[0].stats.get("rows"), "invalid": len(bad)}))
