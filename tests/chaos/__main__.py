"""`python -m tests.chaos` burns seeds, `python -m tests.chaos pacing` measures the pace; 1 is the code of a failure."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

from tests.chaos.burning import Burning, Server, Tally
from tests.chaos.pacing import measure_all
from tests.chaos.scenario import Fire, scenario
from tests.support.postgres import fresh_database, running_server


def burn_seed(seed: int, fire: Fire, folder: Path, ledger: str | None = None) -> Tally:
    """One seed in a folder of its own, with a SQLite ledger there unless one is given. Raises Wrong."""
    chosen = scenario(seed, fire)
    with Server(chosen.sandbox(folder / "server.jsonl")) as server:
        burning = Burning(
            scenario=chosen,
            folder=folder,
            server=server,
            ledger=ledger or str(folder / "ledger.sqlite3"),
        )
        return burning.burn()


def main() -> None:
    asked = _arguments()
    sys.exit(measure_all() if asked.what == "pacing" else _burn_all(asked))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["fire", "pacing"], default="fire")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=200, help="for each seed")
    parser.add_argument("--seeds", type=int, default=20, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first of the seeds")
    parser.add_argument("--seed", type=int, help="only this one: to replay a failure")
    parser.add_argument(
        "--postgres", action="store_true", help="keep the ledger in PostgreSQL, a database for each seed"
    )
    parser.add_argument("--keep", type=Path, help="a folder to keep what the seeds leave behind")
    return parser.parse_args()


def _burn_all(asked: argparse.Namespace) -> int:
    fire = Fire(rows=asked.rows, kills=asked.kills)
    seeds = range(asked.first, asked.first + asked.seeds) if asked.seed is None else [asked.seed]
    began = time.monotonic()
    kills = soft = 0
    failed = []
    with running_server() if asked.postgres else nullcontext() as database_server:
        for seed in seeds:
            tally = _burn_one(seed, fire, asked.keep, database_server)
            if tally is None:
                failed.append(seed)
            else:
                kills, soft = kills + tally.kills, soft + tally.soft
    _say(
        f"{len(seeds)} seeds of {fire.rows} rows, {kills} killed and {soft} asked to end,"
        f" {len(failed)} failed, in {time.monotonic() - began:.0f} s"
    )
    options = f"--rows {fire.rows} --kills {fire.kills}{' --postgres' * asked.postgres}"
    for seed in failed:
        _say(f"seed {seed} failed; replay: python -m tests.chaos {options} --seed {seed}")
    return 1 if failed else 0


def _burn_one(seed: int, fire: Fire, keep: Path | None, database_server: str | None) -> Tally | None:
    """What was done to the programs; None, and why on the screen, if a promise was broken."""
    _say(f"seed {seed}: {scenario(seed, fire).name}")
    began = time.monotonic()
    kept = nullcontext(str(keep / str(seed))) if keep else tempfile.TemporaryDirectory()
    with kept as name, fresh_database(database_server) if database_server else nullcontext() as ledger:
        folder = Path(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            tally = burn_seed(seed, fire, folder, ledger)
        except AssertionError as error:
            _say(f"  FAILED after {time.monotonic() - began:.0f} s: {error}")
            return None
    where = ", ".join(f"{count} at {name}" for name, count in sorted(tally.at.items()))
    _say(
        f"  held: {tally.kills} killed and {tally.soft} asked to end ({where}); {tally.starts} starts,"
        f" {tally.unfinished} ended by themselves with rows left for the next; {time.monotonic() - began:.0f} s"
    )
    return tally


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command for people


if __name__ == "__main__":
    main()
