"""`make demo`: the main job on the samples against a sandbox of this process, over real HTTP, shown to a person.

Ends with 0 although the samples hold bad rows: that they are caught is what it shows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from batch.sandbox.options import SandboxOptions
from batch.sandbox.serving import Embedded

OUT = Path("demo-out")
SAMPLES = ("clean.csv", "messy.xlsx", "hostile.csv")
_EXPECTED = (0, 1)


def main() -> int:
    """The samples twice: the second time nothing is created, because everything is known."""
    samples = [Path("samples") / name for name in SAMPLES]
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    with Embedded(SandboxOptions()) as sandbox:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FLIREO_")} | {
            "FLIREO_BASE_URL": sandbox.base_url,
            "FLIREO_API_KEY": sandbox.api_key,
            "FLIREO_LEDGER": str(OUT / "ledger.sqlite3"),
        }
        _say(f"A sandbox answers at {sandbox.base_url}. First run, on {len(samples)} sample files:")
        first = _run(samples, environment, OUT)
        created = len(sandbox.state.groups())
        _say("The same files again; what was created is not created twice:")
        second = _run(samples, environment, OUT / "again")
        _say(
            f"The sandbox holds {created} groups after the first run and {len(sandbox.state.groups())} after the"
            f" second. The results are in {OUT}/: open {OUT}/messy.results.xlsx and {OUT}/messy.failed.xlsx."
        )
        return 0 if first in _EXPECTED and second in _EXPECTED and len(sandbox.state.groups()) == created else 1


def _run(samples: list[Path], environment: dict[str, str], out: Path) -> int:
    command = [sys.executable, "-m", "batch", "run", *map(str, samples), "--out", str(out)]
    _say(f"  $ flireo-batch {' '.join(command[3:])}")
    return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 -- our own program


def _say(text: str) -> None:
    print(f"\n{text}", flush=True)  # noqa: T201 -- that is what a demo does


if __name__ == "__main__":
    sys.exit(main())
