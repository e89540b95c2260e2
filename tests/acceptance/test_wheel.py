"""The wheel: it contains the schemas and works when installed outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.program import named, write_csv

ROOT = Path(__file__).resolve().parents[2]


def test_the_wheel_works_outside_the_checkout(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("flireo_batch-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for name in (path.name for path in (ROOT / "schemas").glob("*.json")):
        assert f"batch/schemas/{name}" in names

    # An environment of its own; the libraries, which are not what is tested here, are those of this one.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "env")], check=True)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    (site,) = (tmp_path / "env").glob("lib/python*/site-packages")
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(scripts / "python"),
            "install",
            "--no-deps",
            "--no-index",
            "-q",
            str(wheel),
        ],
        check=True,
        capture_output=True,
    )
    (site / "libraries.pth").write_text(f"{libraries}\n")
    path = write_csv(tmp_path / "a.csv", *named(2))
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("FLIREO_", "PYTHON", "COV"))
    }
    done = subprocess.run(
        [str(scripts / "flireo-batch"), "check", str(path), "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where = subprocess.run(
        [str(scripts / "python"), "-c", "import batch; print(batch.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(tmp_path))
