"""Peer: the retry policy of the vendor's own SDK, in a loop of our own. Argument: a job as JSON.

By its public source: after a timeout, any other network error, a 5xx or a 429 the same request is sent again, twice at
most, after one and two seconds; other errors end it.
"""

import csv
import json
import sys
import time

import httpx

_REPEATS = 2
_LEAST_SERVER_ERROR = 500
_TOO_MANY = 429


def send(client: httpx.Client, url: str, row: dict[str, str]) -> str:
    last = ""
    for attempt in range(_REPEATS + 1):
        if attempt:
            time.sleep(min(2 ** (attempt - 1), 8))  # the policy that is measured
        try:
            answer = client.post(url, json=row)
        except httpx.HTTPError as error:
            last = repr(error)
            continue
        if answer.is_success:
            found: str = answer.json()["data"]["requirement_group_id"]
            return found
        last = f"HTTP {answer.status_code}"
        if answer.status_code < _LEAST_SERVER_ERROR and answer.status_code != _TOO_MANY:
            break
    raise RuntimeError(last)


def main() -> int:
    job = json.loads(sys.argv[1])
    headers = {"Authorization": f"Bearer {job['key']}"}
    failed = 0
    with (
        httpx.Client(headers=headers, timeout=job["timeout_seconds"], trust_env=False) as client,
        open(job["file"], newline="", encoding="utf-8") as stream,
    ):
        for row in csv.DictReader(stream):
            try:
                send(client, job["url"], row)
            except RuntimeError as error:
                failed += 1
                print(row["name"], error)
            time.sleep(job["pause_seconds"])  # its only way to keep a limit
    return 1 if failed else 0


sys.exit(main())
