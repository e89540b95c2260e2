"""The peers that send rows, set up as their documentation advises for this job."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tests.benchmarks.environments import environment
from tests.benchmarks.inputs import FIELDS
from tests.benchmarks.senders import CONNECTIONS, LOOP_HTTPX, Job, Sender, script


def _bulk_post_command(job: Job) -> Sequence[str]:
    body = json.dumps({name: f"{{{{{name}}}}}" for name in FIELDS})
    words = [environment("bulk-post").program("bulk-post"), "-u", job.endpoint, "-c", str(job.file), "-b", body]
    words += ["-a", "bearer", "-t", job.key, "-T", str(max(1, int(job.timeout_seconds))), "-r", "failed.csv"]
    words += ["-R", "429,503", "-B", "exponential"]
    if job.pace:
        return [*words, "-d", str(round(job.pause_seconds * 1000))]
    return [*words, "-p", "-n", str(CONNECTIONS)]


def _bulk_post_finish(job: Job, _exit_code: int) -> Sequence[str] | None:
    """Its redrive file, which is gone where no row failed."""
    failed = job.folder / "failed.csv"
    if not failed.exists():
        return None
    rest = failed.rename(job.folder / "redrive.csv")
    return _bulk_post_command(replace(job, file=rest))


_DRT_SYNC = """\
name: groups
model: "SELECT * FROM customers"
destination:
  type: rest_api
  url: {url}
  method: POST
  auth: {{type: bearer, token: {key}}}
sync:
  mode: full
  on_error: skip
  dlq: {{enabled: true}}
  rate_limit: {{requests_per_second: {rate}}}
"""


def _prepare_drt(job: Job) -> None:
    """A project as `drt init` makes it, over a SQLite table with the rows: drt reads tables, not files."""
    rate = job.pace.requests / job.pace.seconds if job.pace else 1_000_000
    texts = {
        ".drt/profiles.yml": "local:\n  type: sqlite\n  database: customers.sqlite\n",
        "drt_project.yml": "name: bench\nprofile: local\n",
        "syncs/groups.yml": _DRT_SYNC.format(url=job.endpoint, key=job.key, rate=rate),
    }
    for name, text in texts.items():
        path = job.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    table = sqlite3.connect(job.folder / "customers.sqlite")
    with table, job.file.open(newline="", encoding="utf-8") as stream:
        reader = csv.reader(stream)
        names = next(reader)
        table.execute(f"CREATE TABLE customers ({', '.join(f'{name} TEXT' for name in names)})")
        places = ", ".join("?" * len(names))
        table.executemany(f"INSERT INTO customers VALUES ({places})", reader)
    table.close()


def _drt_command(_job: Job) -> Sequence[str]:
    return [environment("drt-core").program("drt"), "run", "--quiet"]


def _drt_finish(_job: Job, _exit_code: int) -> Sequence[str]:
    """Its dead-letter queue, replayed."""
    return [environment("drt-core").program("drt"), "retry", "groups"]


def _dlt_finish(job: Job, exit_code: int) -> Sequence[str] | None:
    return script("dlt_job", "dlt")(job) if exit_code else None


def _dlt_variables(job: Job) -> Mapping[str, str]:
    return {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__REQUEST_TIMEOUT": str(job.timeout_seconds)}


def _prepare_newman(job: Job) -> None:
    body = json.dumps({name: f"{{{{{name}}}}}" for name in FIELDS})
    headers = [{"key": "Content-Type", "value": "application/json"}]
    request = {
        "method": "POST",
        "url": job.endpoint,
        "header": [*headers, {"key": "Authorization", "value": f"Bearer {job.key}"}],
        "body": {"mode": "raw", "raw": body},
    }
    test = 'pm.test("created", () => pm.expect(pm.response.code).to.be.within(200, 299));'
    event = {"listen": "test", "script": {"type": "text/javascript", "exec": [test]}}
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    collection = {
        "info": {"name": "groups", "schema": schema},
        "item": [{"name": "create", "request": request, "event": [event]}],
    }
    (job.folder / "collection.json").write_text(json.dumps(collection))


def _newman_command(job: Job) -> Sequence[str]:
    words = [environment("newman").program("newman"), "run", "collection.json", "-d", str(job.file)]
    words += ["--reporters", "json", "--reporter-json-export", "report.json"]
    words += ["--timeout-request", str(round(job.timeout_seconds * 1000))]
    return [*words, "--delay-request", str(round(job.pause_seconds * 1000))] if job.pace else words


PEERS = (
    Sender(
        name="bulk-post",
        command=_bulk_post_command,
        home="bulk-post",
        package="bulk-post",
        finish=_bulk_post_finish,
        sequential=False,
        durability="failed rows to a file, not flushed; nothing of the others",
        advice="--parallel with as many threads, retries on 429 and 503; under a limit --delay, which is sequential",
    ),
    Sender(
        name="drt-core",
        command=_drt_command,
        home="drt-core",
        prepare=_prepare_drt,
        package="drt-core",
        finish=_drt_finish,
        durability="failed rows to a dead-letter queue after each batch; its idempotency ledger needs a warehouse",
        advice="the rest_api destination, on_error: skip, dead-letter queue, its own retries and rate_limit",
    ),
    Sender(
        name="dlt",
        command=script("dlt_job", "dlt"),
        home="dlt",
        variables=_dlt_variables,
        package="dlt",
        finish=_dlt_finish,
        durability="how far a load file got, after each row, not flushed",
        advice="custom destination with batch_size=1 and its requests helper; run again to go on",
    ),
    Sender(
        name="Newman",
        command=_newman_command,
        home="newman",
        prepare=_prepare_newman,
        package="newman",
        durability="a report at the end",
        advice="-d customers.csv, JSON reporter, a test on the status; under a limit --delay-request",
    ),
    Sender(
        name="requests loop",
        command=script("loop_requests", "loops"),
        home="loops",
        package="requests",
        durability="a line with the ID after each answer, not flushed",
        advice="one Session; stops at the first error",
    ),
    LOOP_HTTPX,
)
