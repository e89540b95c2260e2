"""Peer: the loop that a person writes first, with requests. Argument: a job as JSON."""

import csv
import json
import sys
import time

import requests

job = json.loads(sys.argv[1])
with requests.Session() as session, open(job["file"], newline="", encoding="utf-8") as stream:
    session.headers["Authorization"] = f"Bearer {job['key']}"
    with open("made.csv", "w", newline="", encoding="utf-8") as out:
        made = csv.writer(out)
        for number, row in enumerate(csv.DictReader(stream), start=2):
            answer = session.post(job["url"], json=row, timeout=job["timeout_seconds"])
            answer.raise_for_status()
            made.writerow([number, answer.json()["data"]["requirement_group_id"]])
            time.sleep(job["pause_seconds"])  # its only way to keep a limit
