"""Sentences in a person's language: every one of the program has its translation, and values keep their places."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from batch.languages import Language, say_in, usual_language
from batch.model import Sentence, sentence, words
from batch.pipeline.check import check
from batch.pipeline.rules import load_rules
from batch.pipeline.values import OutputOptions, RunOptions
from batch.settings import load_settings
from tests import translations
from tests.support.line import FIELDS, Heard
from tests.support.program import write_csv

DUTCH = say_in(Language.NL)
# Where a sentence's template stands among the arguments.
_TEMPLATES = {"sentence": (0,), "template": (0,), "counted": (1, 2), "refusal": (2,)}


@pytest.mark.parametrize("language", translations.catalogs())
def test_every_sentence_has_its_translation_with_the_same_places(language: Language) -> None:
    present = translations.read(language)
    assert list(translations.shortcomings(language, present, translations.gathered())) == []
    compiled = (translations.FOLDER / f"{language.value}.mo").read_bytes()
    assert compiled == translations.compiled(present), "run make docs"


def test_what_is_missing_left_over_or_has_other_places_is_noticed() -> None:
    source = translations.gathered()
    present = translations.read(Language.NL)
    present.add("Nobody says this.", "Niemand zegt dit.")
    lacking = next(iter(translations.shortcomings(Language.NL, present, source)), "")
    assert "nobody says" in lacking
    broken = translations.read(Language.NL)
    template = "{label} is empty; it is required."
    broken[template].string = "{etiket} is leeg."
    assert list(translations.shortcomings(Language.NL, broken, source)) == [
        f"nl: other places for values than in: {template}"
    ]
    broken.delete(template)
    assert list(translations.shortcomings(Language.NL, broken, source)) == [f"nl: no translation of: {template}"]


def _calls() -> Iterator[tuple[Path, ast.Call, ast.expr]]:
    for path in sorted((translations.ROOT / "batch").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for place in _TEMPLATES.get(node.func.id, ()):
                    if len(node.args) > place:
                        yield path, node, node.args[place]


def test_no_sentence_is_put_together_from_pieces_that_translators_never_see() -> None:
    pieces = [
        f"{path.name}:{call.lineno}"
        for path, call, written in _calls()
        if isinstance(written, ast.JoinedStr | ast.BinOp | ast.Call)
    ]
    assert pieces == []


def test_sentences_within_sentences_are_said_in_the_same_language() -> None:
    said = sentence("{what} Did you mean {suggestion}?", what=sentence("Results for {file}", file="a"), suggestion="b")
    assert DUTCH(said) == "Resultaten van a Is b bedoeld?"
    assert say_in(Language.EN)(said) == str(said) == "Results for a Did you mean b?"
    assert DUTCH(words("City")) == "Plaats"
    assert str(words("{City}")) == DUTCH(words("{City}")) == "{City}"
    assert DUTCH("text") == "text"


def test_thousands_are_parted_as_the_language_does() -> None:
    said = sentence("All {count:,} rows of {file} are created.", count=12345, file="a,b.xlsx")
    assert DUTCH(said) == "Alle 12.345 regels van a,b.xlsx zijn aangemaakt."


def test_what_nobody_translated_is_said_in_english() -> None:
    assert DUTCH(Sentence(template="Nobody wrote {this}.", values={"this": 1})) == "Nobody wrote 1."


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({"LANG": "nl_NL.UTF-8"}, "nl"),
        ({"LANG": "nl-BE"}, "nl"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "nl_NL", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "nl_NL"}, "nl"),
        ({"LANG": "en_GB", "FLIREO_LANG": "nl"}, "nl"),
    ],
)
def test_the_usual_language_is_that_of_the_system(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FLIREO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert usual_language() == language
    assert load_settings().language == language
    assert load_settings(flags={"lang": "en"}).language == "en"


def test_a_customer_reads_the_answer_in_the_language_that_was_asked_for(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", FIELDS, {"name": "B", "city": ""}, {"name": "C", "phone_number_type": "lokaal"}
    )
    options = RunOptions(files=(path,), output=OutputOptions(language=Language.NL))
    check(options, load_settings(), load_rules(None, "NL"), Heard())
    failed = openpyxl.load_workbook(tmp_path / "a.failed.xlsx")["To correct"]
    assert [row[-1] for row in failed.iter_rows(min_row=2, values_only=True)] == ["Plaats is leeg; dit is verplicht."]
    summary = openpyxl.load_workbook(tmp_path / "a.results.xlsx")["Summary"]
    said = [str(cell) for row in summary.iter_rows(values_only=True) for cell in row if cell]
    assert said[0] == "Resultaten van a.csv"
    assert "Wat nu te doen" in said
