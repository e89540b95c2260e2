"""Help: every command shows how it is used, by examples that the program takes; no example is broken at 80 columns."""

from __future__ import annotations

import inspect

import pytest

from tests.support.guides import PROGRAM, Command, help_of, names, parse

_NARROWEST = 78  # of a terminal of 80 columns, what is left between the margins


def examples(name: str) -> list[Command]:
    lines = inspect.cleandoc(help_of(name)).splitlines()
    return [Command(line.removeprefix("$ ")) for line in lines if line.startswith(f"$ {PROGRAM} ")]


@pytest.mark.parametrize("name", names())
def test_a_command_shows_examples_of_its_own_that_parse(name: str) -> None:
    shown = examples(name)
    assert len(shown) >= 2
    assert "\nExamples of use:\n" in inspect.cleandoc(help_of(name))
    for example in shown:
        assert example.words[1] == name
        parse(example.words[1:])


@pytest.mark.parametrize("name", names())
def test_examples_fit_a_narrow_terminal(name: str) -> None:
    """A command that is broken over two lines cannot be copied."""
    assert max(len(f"$ {example.line}") for example in examples(name)) <= _NARROWEST
