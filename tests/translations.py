"""`python -m tests.translations`: whether every sentence of the program has its translation; with --write, gathers the
sentences anew and compiles the catalogs. Babel does the gathering, the merging and the compiling.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from batch.languages import Language
from batch.model import words
from batch.pipeline.rules import load_rules

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "batch" / "languages"
# Where sentences stand in the source: the function, and which of its arguments. What has several sentences is read once
# for each, because Babel would take two of them for singular and plural.
_KEYWORDS: tuple[dict[str, tuple[int, ...] | None], ...] = (
    {"sentence": None, "template": None, "refusal": (3,), "counted": (2,)},
    {"counted": (3,)},
)
_HEADER = "# The sentences of flireo-batch in {name}. Gathered by `make docs`; the translations are written by hand."
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # git knows when; a date in the file would change it each time
_NAMES = {Language.NL: "Dutch"}


def catalogs() -> list[Language]:
    return [language for language in Language if language is not Language.EN]


@lru_cache
def gathered() -> Catalog:
    """Every sentence in the source, with the modules that say it."""
    catalog = Catalog(project="flireo-batch", charset="utf-8")
    for keywords in _KEYWORDS:
        found = extract_from_dir(str(ROOT / "batch"), keywords=keywords, method_map=[("**.py", "python")])
        for name, _, message, _, _ in found:
            catalog.add(message, locations=[(f"batch/{name}", 0)])
    for field in load_rules(None, "NL").schema.fields:
        catalog.add(words(field.label).template, locations=[("schemas/verification-group.request.json", 0)])
    return catalog


def read(language: Language) -> Catalog:
    path = FOLDER / f"{language.value}.po"
    with path.open("rb") if path.exists() else io.BytesIO(b"") as stream:
        return read_po(stream, locale=language.value)


def shortcomings(language: Language, present: Catalog, source: Catalog) -> Iterator[str]:
    """What is wrong with a catalog: a sentence that is missing, left over, or has other places for values."""
    known = {message.id: message for message in present if message.id}
    wanted = {str(message.id) for message in source if message.id}
    for template in sorted(wanted):
        message = known.get(template)
        if message is None or not message.string or message.fuzzy:
            yield f"{language.value}: no translation of: {template}"
        elif places(str(message.string)) != places(template):
            yield f"{language.value}: other places for values than in: {template}"
    yield from (f"{language.value}: nobody says: {template}" for template in sorted(set(map(str, known)) - wanted))


def places(template: str) -> Mapping[str, None]:
    """The names of the values in a template."""
    return dict.fromkeys(sorted({name for _, name, _, _ in Formatter().parse(template) if name}))


def compiled(catalog: Catalog) -> bytes:
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def renew(language: Language) -> None:
    """Merges what was gathered into the catalog on disk, and compiles it."""
    present, source = read(language), gathered()
    for message in list(present):
        if message.id and message.id not in source:
            present.delete(message.id)
    fresh = Catalog(
        locale=language.value,
        header_comment=_HEADER.format(name=_NAMES[language]),
        project="flireo-batch",
        version="1",
        msgid_bugs_address="maintainers",
        last_translator="maintainers",
        language_team=_NAMES[language],
        creation_date=_NO_DATE,
        revision_date=_NO_DATE,
        charset="utf-8",
        fuzzy=False,
    )
    for message in sorted((message for message in source if message.id), key=lambda message: str(message.id)):
        old = present.get(message.id)
        fresh.add(message.id, old.string if old else "", locations=message.locations)
    path = FOLDER / f"{language.value}.po"
    with path.open("wb") as stream:
        write_po(stream, fresh, width=0, include_lineno=False, omit_header=False, sort_by_file=False)
    (FOLDER / f"{language.value}.mo").write_bytes(compiled(fresh))


def main() -> None:
    wrong: list[str] = []
    for language in catalogs():
        if "--write" in sys.argv:
            renew(language)
        present = read(language)
        wrong += shortcomings(language, present, gathered())
        if compiled(present) != (FOLDER / f"{language.value}.mo").read_bytes():
            wrong.append(f"{language.value}.mo is not what {language.value}.po compiles to; run make docs")
    for line in wrong:
        print(line)  # noqa: T201 - a command for people
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
