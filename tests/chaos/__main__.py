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
from tests.chaos.nursery import Nursery
from tests.chaos.pacing import measure_all
from tests.chaos.scenario import Fire, scenario


def burn_seed(seed: int, fire: Fire, folder: Path, nursery: Nursery, ledger: str | None = None) -> Tally:
    """One seed in a folder of its own. Raises Wrong where a promise is broken."""
    chosen = scenario(seed, fire)
    with Server(chosen.sandbox(folder / "server.jsonl")) as server:
        burning = Burning(
            scenario=chosen,
            folder=folder,
            nursery=nursery,
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
    parser.add_argument("--ledger", help="a postgresql:// URL of an empty database, in place of a SQLite file")
    parser.add_argument("--keep", type=Path, help="a folder to keep what the seeds leave behind")
    return parser.parse_args()


def _burn_all(asked: argparse.Namespace) -> int:
    fire = Fire(rows=asked.rows, kills=asked.kills)
    seeds = range(asked.first, asked.first + asked.seeds) if asked.seed is None else [asked.seed]
    began = time.monotonic()
    with Nursery() as nursery:
        failed = [seed for seed in seeds if not _burn_one(seed, fire, nursery, asked)]
    _say(f"{len(seeds)} seeds of {fire.rows} rows and {fire.kills} kills in {time.monotonic() - began:.0f} s")
    for seed in failed:
        _say(f"seed {seed} failed; replay: python -m tests.chaos --rows {fire.rows} --kills {fire.kills} --seed {seed}")
    return 1 if failed else 0


def _burn_one(seed: int, fire: Fire, nursery: Nursery, asked: argparse.Namespace) -> bool:
    _say(f"seed {seed}: {scenario(seed, fire).name}")
    began = time.monotonic()
    kept = nullcontext(str(asked.keep / str(seed))) if asked.keep else tempfile.TemporaryDirectory()
    with kept as name:
        folder = Path(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            tally = burn_seed(seed, fire, folder, nursery, asked.ledger)
        except AssertionError as error:
            _say(f"  FAILED after {time.monotonic() - began:.0f} s: {error}")
            return False
    where = ", ".join(f"{count} at {name}" for name, count in sorted(tally.at.items()))
    _say(
        f"  held: {tally.kills} killed and {tally.soft} asked to end ({where}); {tally.starts} starts,"
        f" {tally.unfinished} ended by themselves with rows left for the next; {time.monotonic() - began:.0f} s"
    )
    return True


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command for people


if __name__ == "__main__":
    main()
