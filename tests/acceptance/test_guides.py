"""README and docs/: every command in a block is run as a reader would, in order, and ends as it should; what sentences
quote is at least a command line that the program takes.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from batch.settings import Settings
from tests.docs_in_step import documents
from tests.support.guides import (
    NIGHTLY,
    PROGRAM,
    ROOT,
    Command,
    blocks,
    commands,
    fences,
    flags,
    guides,
    parse,
    quoted,
)
from tests.support.line import FIELDS, Api, sandbox
from tests.support.nursery import clean_environment, shared_nursery
from tests.support.spreadsheets import text_rows, write_xlsx, write_zip, xlsx_parts

ENGLISH, DUTCH = ROOT / "docs" / "onboarding.md", ROOT / "docs" / "onboarding.nl.md"
HELP = ROOT / "docs" / "commands.md"
# The Dutch page has the same commands as the English one, and so they are run once.
RUN_HERE = [path for path in guides() if path not in (NIGHTLY, DUTCH) and commands(path)]
# What cannot be run here, and where it is run instead.
ELSEWHERE = {
    "make demo": "tests/acceptance/test_demo_and_docs.py",
    "make test": "this is a part of it",
    "python3 -m venv flireo": "tests/acceptance/test_wheel.py installs into an environment of its own",
    "flireo/bin/pip install": "tests/acceptance/test_wheel.py",
}
# Where a guide shows a file that needs someone, the command says so. All other commands end with 0.
NEEDS_SOMEONE = {
    "README.md": {"flireo-batch check customers.xlsx", "flireo-batch run customers.xlsx"},
    "onboarding.md": {
        "flireo-batch run customers.xlsx --sandbox --out practice",
        "flireo-batch check customers.xlsx",
        "flireo-batch run customers.xlsx",
        "flireo-batch run customers.failed-2.xlsx",
        "flireo-batch merge customers.results-2.xlsx",
    },
    # What would be sent is not created yet.
    "operating.md": {"flireo-batch run customers.xlsx --dry-run"},
}
# What a guide says is there at its end.
LEADS_TO = {
    "onboarding.md": (
        "practice/customers.results.xlsx",
        "customers.failed.xlsx",
        "customers.results-2.xlsx",
        "customers.failed-2.xlsx",
        "customers.failed-3.xlsx",
        "customers.merged.xlsx",
    ),
    "operating.md": ("ledger-backup.sqlite3", "flireo.jsonl"),
}
OTHERS_FLAGS = {"--upgrade": "pip", "--stop-timeout 300": "docker"}

Prepare = Callable[["Desk"], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A person's home on a machine where the program is set up, at work in a folder there."""

    home: Path
    folder: Path
    api: Api

    def __call__(self, command: Command) -> tuple[int, str]:
        """The exit code, and all that was on the screen."""
        if not command.of_the_program:
            return self._plainly(["/bin/sh", "-c", command.line])
        if "--install-completion" in command.words:  # asks which shell it was started from
            program = shlex.join([sys.executable, "-m", "batch", *command.words[1:]])
            return self._plainly(["bash", "-c", f"{program}; exit $?"])
        words = [word.replace("https://api.example.com", self.api.url) for word in command.words[1:]]
        if command.told is not None:
            return self._plainly([sys.executable, "-m", "batch", *words], (self.folder / command.told).read_text())
        running = shared_nursery().start(words, environment=self.environment, folder=self.folder)
        out, err = running.communicate(timeout=60)
        return running.wait(), out + err

    def _plainly(self, words: list[str], told: str = "") -> tuple[int, str]:
        done = subprocess.run(
            words,
            input=told,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        return done.returncode, done.stdout

    @property
    def environment(self) -> dict[str, str]:
        quick = {
            "FLIREO_RATE_LIMIT": "100000/minute",
            "FLIREO_SETTLE_SECONDS": "0",
            "FLIREO_POLL_SECONDS": "0.1",
            "FLIREO_LOG_FILE": os.environ["FLIREO_LOG_FILE"],
        }
        outside = {name: value for name, value in clean_environment().items() if not name.startswith("XDG_")}
        return {**outside, **quick, "HOME": str(self.home), "SHELL": "/bin/bash", "PYTHONPATH": str(ROOT)}

    def put(self, name: str, *rows: dict[str, str]) -> None:
        """A customer's workbook; a row has what it says and is in all else like FIELDS."""
        write_xlsx(self.folder / name, table(*rows))

    def sample(self, name: str) -> None:
        shutil.copy(ROOT / "samples" / "messy.xlsx", self.folder / name)


def table(*rows: dict[str, str]) -> str:
    left_out = {name for row in rows for name, value in row.items() if not value}
    whole = [{name: value for name, value in {**FIELDS, **row}.items() if name not in left_out} for row in rows]
    return text_rows([list(whole[0]), *(list(row.values()) for row in whole)])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with sandbox(approval_seconds=0.0, keys={"fl_test_first": "acme", "fl_test_second": "acme"}) as api:
        home, folder = tmp_path, tmp_path / "customers"
        settings = home / ".config" / "flireo-batch" / "flireo-batch.toml"
        settings.parent.mkdir(parents=True)
        folder.mkdir()
        (home / "kept-key").write_text("fl_test_first")
        (home / "kept-key").chmod(0o600)
        settings.write_text(f'base_url = "{api.url}"\naccount = "acme"\napi_key_file = "{home}/kept-key"\n')
        yield Desk(home=home, folder=folder, api=api)


def onboarding(desk: Desk) -> None:
    combined = {"street_name": "", "house_number": "", "Adres": "Laan van Oefening 9"}
    desk.sample("customers.xlsx")
    desk.put("odd.xlsx", {"business_name": "", "Handelsnaam klant": "Voorbeeld BV"})
    desk.put("addresses.xlsx", combined)
    sheets = {"Noord": table({"name": "Noord"}), "Zuid": table({"name": "Zuid"})}
    write_zip(desk.folder / "two-sheets.xlsx", xlsx_parts(sheets))
    header, *values = zip(*{**FIELDS, "city": "Curaçao"}.items(), strict=True)
    (desk.folder / "old.csv").write_text(f"{','.join(header)}\n{','.join(values[0])}\n", encoding="cp1252")


def operating(desk: Desk) -> None:
    desk.put("customers.xlsx", {"name": "Noord"}, {"name": "Zuid"})
    (desk.folder / "key").write_text("fl_test_first\n")
    (desk.folder / "new-key").write_text("fl_test_second\n")
    (desk.folder / "acme.toml").write_text(
        f'base_url = "{desk.api.url}"\naccount = "acme"\napi_key_file = "{desk.folder}/new-key"\n'
    )


def columns(desk: Desk) -> None:
    both = {"contact_person_first_name": "", "contact_person_last_name": "", "street_name": "", "house_number": ""}
    for number, name in enumerate(("customers.xlsx", "next-month.xlsx")):
        desk.put(name, {**both, "name": f"Depot {number}", "Adres": "Oefenlaan 9", "Contactpersoon": "Jip Verzonnen"})


def rounds(desk: Desk) -> None:
    for name in ("customers.xlsx", "van de klant.xlsx"):
        desk.put(name, {"name": "Noord"}, {"name": "Zuid"})
        assert desk(Command(f"{PROGRAM} run '{name}'"))[0] == 0


STAGES: dict[str, Prepare] = {
    "README.md": lambda desk: desk.sample("customers.xlsx"),
    "onboarding.md": onboarding,
    "operating.md": operating,
    "columns.md": columns,
    "rounds.md": rounds,
}


@pytest.mark.parametrize("path", RUN_HERE, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_of_a_guide_ends_as_it_says(path: Path, desk: Desk) -> None:
    STAGES[path.name](desk)
    wanted = NEEDS_SOMEONE.get(path.name, set())
    lines = {command.line for command in commands(path)}
    assert wanted <= lines, "an expectation about a command that is no longer there"
    missing = set()
    for command in commands(path):
        if any(command.line.startswith(start) for start in ELSEWHERE):
            continue
        if not command.of_the_program and shutil.which(command.words[0]) is None:
            missing.add(command.words[0])
            continue
        code, said = desk(command)
        assert code == (1 if command.line in wanted else 0), f"{command.line}\n{said}"
        assert "Traceback" not in said
        # A person keeps a folder for each customer; here all share one, and a map counts for everything in it.
        (desk.folder / "flireo-map.toml").unlink(missing_ok=True)
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}")
    for name in LEADS_TO.get(path.name, ()):
        assert (desk.folder / name).is_file(), name


def test_both_languages_of_onboarding_have_the_same_commands_and_statuses() -> None:
    assert commands(ENGLISH) == commands(DUTCH)
    assert len(commands(ENGLISH)) > 10
    rows = [
        [line.split("|")[1].strip() for line in path.read_text().splitlines() if line.startswith("| ")]
        for path in (ENGLISH, DUTCH)
    ]
    assert rows[0][1:6] == rows[1][1:6]
    assert [row for row in rows[0] if row != "sheet"] == [row for row in rows[1] if row != "blad"]
    headings = [path.read_text().count("\n## ") for path in (ENGLISH, DUTCH)]
    assert headings[0] == headings[1]


def test_what_is_run_elsewhere_stands_in_a_guide_still() -> None:
    lines = [command.line for path in RUN_HERE for command in commands(path)]
    for start, where in ELSEWHERE.items():
        assert any(line.startswith(start) for line in lines), start
        assert not where.startswith("tests/") or (ROOT / where.split()[0]).is_file()


def test_every_block_of_the_nightly_guide_is_marked_for_its_own_test() -> None:
    marked = NIGHTLY.read_text(encoding="utf-8")
    assert len(blocks(NIGHTLY, "sh")) == marked.count("<!-- run -->") + marked.count("<!-- container -->")


@pytest.mark.parametrize("path", guides(), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_quoted_is_a_command_line_that_the_program_takes(path: Path) -> None:
    for text in quoted(path):
        if text.startswith("--"):
            assert text.split("=")[0].split()[0] in flags() or text in OTHERS_FLAGS, text
        elif text.split()[0].endswith(PROGRAM) and text != PROGRAM:
            parse(Command(text).words[1:])


def test_no_block_hides_commands_from_this_test() -> None:
    """The nightly guide has its own test; commands.md is what --help says, of which tests/unit/test_cli_help.py is."""
    for path in guides():
        kinds = {kind for kind, _ in fences(path)}
        assert kinds <= {"sh", "toml", "sql", "text", "ini", "dockerfile"}
        for kind, text in fences(path):
            typed = any(line.strip().startswith((PROGRAM, f"$ {PROGRAM}")) for line in text.splitlines())
            assert kind == "sh" or not typed or path in (NIGHTLY, HELP), path.name
    assert sum(len(commands(path)) for path in RUN_HERE) > 30


@pytest.mark.parametrize("path", guides(), ids=lambda path: str(path.relative_to(ROOT)))
def test_settings_files_in_guides_hold_settings(path: Path) -> None:
    for text in blocks(path, "toml"):
        shown = tomllib.loads(text)
        assert "columns" in shown or shown.keys() <= Settings.model_fields.keys()


def test_links_lead_to_pages_and_headings_that_exist() -> None:
    for path in guides():
        text = path.read_text(encoding="utf-8")
        for place, heading in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", text):
            target = (path.parent / place) if place else path
            assert target.exists(), f"{path.name}: {place}"
            if heading:
                titles = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
                slugs = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
                assert heading in slugs, f"{path.name}: {place}#{heading}"


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for path in documents():
        assert path.name == "README.md" or f"]({path.name})" in index, path.name


def test_every_stop_is_explained_to_the_operator() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    stops = re.compile(r'\b(?:ApiStop|LedgerError|Stop)\(\s*(?:code=)?"(\w+)"')
    codes = {code for path in (ROOT / "batch").rglob("*.py") for code in stops.findall(path.read_text("utf-8"))}
    assert len(codes) > 10
    assert {code for code in codes if f"| `{code}`" not in text and f", `{code}`" not in text} == set()


def test_contributing_names_every_room() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = {path.name for path in (ROOT / "batch").iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    modules = {path.stem for path in (ROOT / "batch").glob("[!_]*.py")}
    assert {room for room in rooms if f"`{room}/`" not in text} == set()
    assert {module for module in modules if f"`{module}`" not in text} == set()


def test_pictures_are_there_and_small() -> None:
    shown = re.findall(r"!\[.+?\]\((docs/pictures/[\w.]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert {ROOT / name for name in shown} == set((ROOT / "docs" / "pictures").iterdir())
    assert all((ROOT / name).stat().st_size < 120_000 for name in shown)
