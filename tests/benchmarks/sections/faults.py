"""What goes wrong: answers lost, a kill and a second try, two runs of one file at once, answers that never come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.benchmarks.bench import Bench, Subject
from tests.benchmarks.cost import Cost, Running
from tests.benchmarks.inputs import csv_file
from tests.benchmarks.peers import PEERS
from tests.benchmarks.sections.pace import together
from tests.benchmarks.senders import OWN_SENDER, VENDOR_POLICY, Job, Sender
from tests.benchmarks.servers import Server, sandbox

SENDERS = (OWN_SENDER, *PEERS, VENDOR_POLICY)
LOST = "answers lost"
KILLED = "killed, then the same command"
TWICE = "the same file twice at once"
SILENT = "no answer in time"
CASES = (LOST, KILLED, TWICE, SILENT)
TIMEOUT_SECONDS = 1.0
_LONGEST_FIXED_TIMEOUT_SECONDS = 30.0  # drt-core's, which cannot be set
_MOST_SECONDS = 600.0

Play = Callable[[Sender, Job, Server, int], Cost]


def measure(bench: Bench) -> None:
    scale = bench.scale
    plays: list[tuple[str, int, Play]] = [
        (LOST, scale.fault_rows, _losing(scale.fault_every, "drop_after")),
        (KILLED, scale.fault_rows, _killed),
        (TWICE, scale.fault_rows, _twice),
        (SILENT, scale.timeout_rows, _losing(scale.fault_every, "silent_after")),
    ]
    for case, rows, play in plays:
        if rows:
            bench.measure(case, [_subject(bench, sender, rows, play) for sender in SENDERS])


def _subject(bench: Bench, sender: Sender, rows: int, play: Play) -> Subject:
    path = csv_file(bench.inputs, rows)
    names = [f"Vestiging {number}" for number in range(1, rows + 1)]
    slow = str(_LONGEST_FIXED_TIMEOUT_SECONDS * 2)

    def act(folder: Path, run: int) -> tuple[Cost, Mapping[str, float]]:
        with sandbox({"rate-limit": "none", "slow": slow}) as server:
            job = Job(
                python=bench.python,
                file=path,
                folder=folder,
                url=server.url,
                key=server.key,
                timeout_seconds=TIMEOUT_SECONDS,
            )
            sender.prepare(job)
            spent = play(sender, job, server, run)
            seen = server.seen(names)
        return spent, {
            "rows": rows,
            "groups": seen.groups,
            "duplicates": seen.duplicates,
            "missing": seen.missing,
            "posts": seen.posts,
        }

    return Subject(name=sender.name, act=act, home=sender.home, package=sender.package)


def _start(sender: Sender, job: Job, name: str) -> Running:
    return Running(sender.command(job), folder=job.folder, environment=sender.environment(job), name=name)


def _losing(every: int, kind: str) -> Play:
    """Every so many-th POST takes effect and gets no answer; which ones they are differs from run to run.

    Then comes what the sender's documentation advises for what was left undone.
    """

    def play(sender: Sender, job: Job, server: Server, run: int) -> Cost:
        server.meet(_faults(every, kind, run))
        spent = _start(sender, job, "sender").wait(_MOST_SECONDS)
        finish = sender.finish(job, spent.exit_code)
        if finish is None:
            return spent
        finishing = Running(finish, folder=job.folder, environment=sender.environment(job), name="finish")
        return _after(spent, finishing.wait(_MOST_SECONDS))

    return play


def _faults(every: int, kind: str, run: int) -> Sequence[str | None]:
    hit = (7 * run + every - 1) % every
    return [kind if number % every == hit else None for number in range(1000)]


def _killed(sender: Sender, job: Job, server: Server, run: int) -> Cost:
    """SIGKILL after 20, 30, 40 ... percent of the rows, and the same command again."""
    rows = sum(1 for _ in job.file.open(encoding="utf-8")) - 1
    first = _start(sender, job, "first")
    if server.wait_for_posts(rows * (2 + run % 7) // 10, first):
        first.kill()
    return _after(first.wait(_MOST_SECONDS), _start(sender, job, "second").wait(_MOST_SECONDS))


def _after(first: Cost, second: Cost) -> Cost:
    spent = together([first, second])
    return Cost(
        wall_seconds=first.wall_seconds + second.wall_seconds,
        cpu_seconds=spent.cpu_seconds,
        peak_bytes=max(first.peak_bytes, second.peak_bytes),
        exit_code=second.exit_code,
        began_at=first.began_at,
    )


def _twice(sender: Sender, job: Job, _server: Server, _run: int) -> Cost:
    """As two cron jobs would that overlap: in one folder, with one ledger where there is such a thing."""
    started = [_start(sender, job, name) for name in ("one", "other")]
    return together([one.wait(_MOST_SECONDS) for one in started])
