"""Peer: the loop that a person writes first, with httpx. Argument: a job as JSON."""

import csv
import json
import sys
import time

import httpx

job = json.loads(sys.argv[1])
headers = {"Authorization": f"Bearer {job['key']}"}
with (
    httpx.Client(headers=headers, timeout=job["timeout_seconds"], trust_env=False) as client,
    open(job["file"], newline="", encoding="utf-8") as stream,
    open("made.csv", "w", newline="", encoding="utf-8") as out,
):
    made = csv.writer(out)
    for number, row in enumerate(csv.DictReader(stream), start=2):
        answer = client.post(job["url"], json=row)
        answer.raise_for_status()
        made.writerow([number, answer.json()["data"]["requirement_group_id"]])
        time.sleep(job["pause_seconds"])  # its only way to keep a limit
