"""Peer: dlt with a custom destination, one row a call, and dlt's own requests helper. Argument: a job as JSON.

Its documentation: batch_size=1 where the API takes one item; what was loaded of a file is remembered, and a pipeline
that was cut short is gone on with by running it again under the same name.
"""

import csv
import json
import sys
import time
from collections.abc import Iterator

import dlt
from dlt.sources.helpers import requests

job = json.loads(sys.argv[1])


def rows() -> Iterator[list[dict[str, str]]]:
    with open(job["file"], newline="", encoding="utf-8") as stream:
        yield list(csv.DictReader(stream))


def groups(items: list[dict[str, str]], table: object) -> None:
    for item in items:
        answer = requests.post(job["url"], json=item, headers={"Authorization": f"Bearer {job['key']}"})
        answer.raise_for_status()
        time.sleep(job["pause_seconds"])  # its only way to keep a limit


destination = dlt.destination(groups, batch_size=1, name="groups")
pipeline = dlt.pipeline("groups", destination=destination, pipelines_dir="pipelines")
if pipeline.has_pending_data:
    pipeline.load()
else:
    pipeline.run(dlt.resource(rows(), name="groups"))
