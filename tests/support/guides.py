"""The documentation as commands: what stands in its blocks of shell, and what it quotes within sentences."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from typer.core import TyperGroup
from typer.main import get_command

from batch.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
# Its blocks are marked, and run by a test of their own, in order and with what needs root played.
NIGHTLY = ROOT / "docs" / "nightly.md"
PROGRAM = "flireo-batch"
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*)?$")
_QUOTED = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")


@dataclass(frozen=True, slots=True)
class Command:
    """A line of shell as it stands in a guide; `told` is a file that goes to its standard input."""

    line: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.line.partition(" < ")[0])

    @property
    def told(self) -> str | None:
        return self.line.partition(" < ")[2] or None

    @property
    def of_the_program(self) -> bool:
        return Path(self.words[0]).name == PROGRAM


def guides() -> list[Path]:
    """What people read: the README, the pages of docs/, and what stands beside the sources."""
    named = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "samples" / "README.md")
    return [*named, *sorted((ROOT / "docs").glob("*.md"))]


def fences(path: Path) -> list[tuple[str, str]]:
    """The fenced blocks with their languages, without their indentation."""
    return [
        (block["language"], re.sub(rf"^{block['indent']}", "", block["text"], flags=re.MULTILINE))
        for block in _FENCE.finditer(path.read_text(encoding="utf-8"))
    ]


def blocks(path: Path, language: str) -> list[str]:
    """The fenced blocks in this language."""
    return [text for kind, text in fences(path) if kind == language]


def commands(path: Path) -> list[Command]:
    """What the blocks of shell say to type, from top to bottom."""
    text = "\n".join(blocks(path, "sh")).replace("\\\n", " ")
    lines = (_COMMENT.sub("", line).strip().removeprefix("$ ") for line in text.splitlines())
    return [Command(" ".join(line.split())) for line in lines if line]


def quoted(path: Path) -> list[str]:
    """What stands between backticks outside the blocks, each on one line."""
    prose = _FENCE.sub("", path.read_text(encoding="utf-8"))
    return [" ".join(span.split()) for span in _QUOTED.findall(prose)]


def flags() -> set[str]:
    """Every flag of any command."""
    group = _group()
    return {
        flag
        for command in (group, *group.commands.values())
        for parameter in command.params
        for flag in (*parameter.opts, *parameter.secondary_opts)
    } | {"--help", "-h"}


def parse(words: list[str]) -> None:
    """Takes the words for a command line as the program does, without doing anything. Raises UsageError."""
    name, *rest = words
    group = _group()
    if name.startswith("-"):
        assert name in flags(), name
        return
    assert name in group.commands, f"no command {name}"
    group.commands[name].make_context(name, [word for word in rest if word != "--help"])


def help_of(name: str) -> str:
    """What a command says of itself."""
    return _group().commands[name].help or ""


def names() -> list[str]:
    return list(_group().commands)


def _group() -> TyperGroup:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    return group
