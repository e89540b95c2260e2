"""Keeps README and docs/ in step with the program: help texts, settings and fields are generated, never typed.

`python -m tests.docs_in_step` fails where they differ; with `--write` it brings them in step (`make docs`).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from pydantic import ByteSize

from batch.field_docs import fields_markdown
from batch.pipeline.rules import load_rules
from batch.settings import PREFIX, Settings
from tests.support.looks import is_look

ROOT = Path(__file__).resolve().parent.parent
_BLOCK = re.compile(
    r"(<!-- (?P<kind>help|settings|fields)(?: (?P<of>[a-z-]+))? -->\n)(?P<text>.*?)(<!-- end -->)", re.DOTALL
)
_WIDTH = "100"


def in_step(text: str) -> str:
    """The text of a document with its generated blocks as they should be."""
    return _BLOCK.sub(lambda block: block[1] + _generated(block["kind"], block["of"]) + block[5], text)


def documents() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def main(arguments: list[str]) -> int:
    behind = []
    for path in documents():
        text = path.read_text(encoding="utf-8")
        wanted = in_step(text)
        if wanted != text:
            behind.append(path.relative_to(ROOT))
            if "--write" in arguments:
                path.write_text(wanted, encoding="utf-8")
    if behind and "--write" not in arguments:
        print(f"Not in step with the program: {', '.join(map(str, behind))}. Run: make docs")  # noqa: T201
        return 1
    return 0


def _generated(kind: str, of: str | None) -> str:
    match kind:
        case "help":
            return f"```text\n$ flireo-batch{f' {of}' if of else ''} --help\n{help_text(of)}\n```\n"
        case "settings":
            return _settings_table()
        case _:
            rules = load_rules(None, "NL")
            return fields_markdown(rules.schema, rules.hints).strip() + "\n"


def help_text(command: str | None) -> str:
    """What `--help` prints, at one width and without colours."""
    outside = {name: value for name, value in os.environ.items() if not is_look(name)}
    environment = {**outside, "COLUMNS": _WIDTH, "TERMINAL_WIDTH": _WIDTH, "NO_COLOR": "1", "TERM": "dumb"}
    words = [sys.executable, "-m", "batch", *([command] if command else []), "--help"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment, cwd=ROOT)
    return "\n".join(line.rstrip() for line in done.stdout.strip().splitlines())


def _settings_table() -> str:
    lines = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = field.default
        shown = "none" if default in (None, "") else f"`{_shown(default)}`"
        lines.append(f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    return default.human_readable() if isinstance(default, ByteSize) else str(default)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
