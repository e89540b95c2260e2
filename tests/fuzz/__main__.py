"""`python -m tests.fuzz --seconds N`: damages files for so long; keeps the first that misbehaves, and fails then."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random

from tests.fuzz.damage import damaged
from tests.fuzz.holding import hold
from tests.fuzz.originals import originals
from tests.fuzz.silence import changes_one_letter, is_told_of

_LONGEST_SECONDS = 10.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=None, help="the first seed; others follow")
    chosen = parser.parse_args()
    first = chosen.seed if chosen.seed is not None else int(time.time()) * 1000
    until, tally, wrong = time.monotonic() + chosen.seconds, Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        seed = first
        while time.monotonic() < until and wrong < 10:
            outcome = attempt(seed, Path(folder))
            tally[outcome] += 1
            wrong += outcome == "misbehaves"
            seed += 1
    outcomes = ", ".join(f"{count:,} {what}" for what, count in tally.most_common())
    sys.stdout.write(f"{seed - first:,} files from seed {first}: {outcomes}\n")
    return 1 if wrong else 0


def attempt(seed: int, folder: Path) -> str:
    """One file, in one word; what misbehaves is kept and told."""
    random = Random(seed)
    original = random.choice(originals())
    path = folder / f"a.{original.ending}"
    started = time.process_time()
    try:
        if original.parts is not None and random.random() < 0.3:
            is_told_of(original, random, path)
            outcome = "told of"
        elif original.text and random.random() < 0.3:
            changes_one_letter(random, path)
            outcome = "one letter"
        else:
            path.write_bytes(damaged(original, random))
            answer = hold(path)
            outcome = answer if isinstance(answer, str) else "read"
    except Exception:  # noqa: BLE001 -- whatever it is, it is what was looked for
        return _kept(seed, path, traceback.format_exc())
    if time.process_time() - started > _LONGEST_SECONDS:
        return _kept(seed, path, f"took {time.process_time() - started:.0f} seconds\n")
    return outcome


def _kept(seed: int, path: Path, why: str) -> str:
    kept = Path(tempfile.gettempdir()) / f"flireo-fuzz-{seed}{path.suffix}"
    kept.write_bytes(path.read_bytes())
    sys.stderr.write(f"seed {seed}: {kept}\n{why}\n")
    return "misbehaves"


if __name__ == "__main__":
    sys.exit(main())
