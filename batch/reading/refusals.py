"""The way a file is refused: one sentence that names the file, with a stable code."""

from __future__ import annotations

from batch.errors import InputError
from batch.model import sentence


def refusal(file: str, code: str, template: str, /, **values: object) -> InputError:
    """The `InputError` for `file` (its name, without folders); `template` is in the syntax of `str.format`."""
    return InputError(code, sentence("{file}: {what}", file=file, what=sentence(template, **values)))
