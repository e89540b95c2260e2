"""An environment of its own for each peer, made once by pip or npm in the cache folder; never the project's own."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.benchmarks.servers import ROOT

CACHE = Path(os.environ.get("BENCH_CACHE", ROOT / ".bench"))
_INSTALL_SECONDS = 900
_OWN_DEMANDS = ("pyproject.toml", "constraints.txt")
_PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What is installed. `needs_python` is the least minor version of Python 3 that the peer asks for.

    `own`: this program too, from the work tree, with the versions that it is tested with.
    """

    packages: tuple[str, ...]
    own: bool = False
    needs_python: int = 0
    npm: bool = False


OWN_HOME = "own"
RECIPES = {
    # As a user has it: what developers install beside it would be imported too, and slow its start.
    OWN_HOME: Recipe(packages=("python-calamine",), own=True),
    "bulk-post": Recipe(packages=("bulk-post==0.3.0",), needs_python=12),
    "drt-core": Recipe(packages=("drt-core==1.2.1",)),
    "dlt": Recipe(packages=("dlt==1.31.0",)),
    "newman": Recipe(packages=("newman@6.2.2",), npm=True),
    "frictionless": Recipe(packages=("frictionless[excel]==5.21.0",)),
    "jsonschema": Recipe(
        packages=("jsonschema==4.26.0", "jsonschema-rs==0.61.0", "pandas==3.1.1", "pyarrow==26.0.1"),
    ),
    "loops": Recipe(packages=("requests==2.34.2", "httpx==0.28.1", "aiohttp==3.14.5")),
}


class NotInstalledError(Exception):
    """A peer is not to be had on this machine; the message is what pip or npm said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A peer's environment. `versions` are of what was asked for; `remark` says what is out of the ordinary."""

    folder: Path
    versions: dict[str, str]
    remark: str = ""

    @property
    def python(self) -> str:
        return str(self.folder / "bin" / "python")

    def program(self, name: str) -> str:
        """A console script of the environment."""
        places = (self.folder / "bin" / name, self.folder / "node_modules" / ".bin" / name)
        return str(next(place for place in places if place.exists()))


@cache
def environment(name: str) -> Environment:
    """The environment of this name, made now if it is not there yet. Raises NotInstalledError."""
    recipe = RECIPES[name]
    demands = [(ROOT / name).read_text(encoding="utf-8") for name in _OWN_DEMANDS] if recipe.own else []
    digest = hashlib.sha256(repr((recipe, sys.version_info[:2], demands)).encode()).hexdigest()[:8]
    folder = CACHE / "environments" / f"{name}-{digest}"
    note = folder / "made.json"
    if not note.exists():
        print(f"setting up {name}: {', '.join(recipe.packages)}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        remark = _by_npm(recipe, folder) if recipe.npm else _by_pip(recipe, folder)
        versions = dict(_pinned(package) for package in recipe.packages)
        note.write_text(json.dumps({"versions": versions, "remark": remark}))
    made = json.loads(note.read_text())
    return Environment(folder=folder, versions=made["versions"], remark=made["remark"])


def _pinned(package: str) -> tuple[str, str]:
    name, _, version = package.replace("@", "==").partition("==")
    return name.partition("[")[0], version


def _by_pip(recipe: Recipe, folder: Path) -> str:
    python, remark = sys.executable, ""
    loose = []
    if recipe.needs_python > sys.version_info.minor:
        newer = _newer_python(recipe.needs_python)
        if newer is None:
            loose = ["--ignore-requires-python"]
            remark = (
                f"asks for Python 3.{recipe.needs_python}, of which there is none here: run on"
                f" {sys.version_info.major}.{sys.version_info.minor} with that demand overridden"
            )
        else:
            python, remark = newer, f"run on {Path(newer).name}"
    _do([python, "-m", "venv", str(folder)])
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    own = ["-c", str(ROOT / "constraints.txt"), "-e", str(ROOT)] if recipe.own else []
    _do([*pip, *loose, *own, *recipe.packages])
    return remark


def _newer_python(least: int) -> str | None:
    for minor in range(least, least + 4):
        name = f"python3.{minor}"
        managed = sorted(_PYENV.glob(f"versions/3.{minor}.*/bin/{name}"))
        for path in (shutil.which(name), *map(str, managed)):
            if (
                path is not None
                and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0
            ):
                return path
    return None


def _by_npm(recipe: Recipe, folder: Path) -> str:
    npm = shutil.which("npm")
    if npm is None:
        message = "there is no npm on this machine"
        raise NotInstalledError(message)
    _do([npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), *recipe.packages])
    node = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return f"run on Node.js {node.stdout.strip().lstrip('v')}"


def _do(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        raise NotInstalledError(said[-1] if said else f"exit code {done.returncode}")
