"""How sentences about sheets and columns are put together: quoting, clipping, lists, several sentences in a row."""

from collections.abc import Iterable, Sequence
from functools import reduce

from batch.model import Sentence, sentence
from batch.schema import Schema

_SHOWN = 60  # characters of a header or cell in a sentence
_LISTED = 30  # headers in a list


def shown(text: str) -> str:
    """`text` on one line, clipped if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def quoted(texts: Iterable[str]) -> str:
    """The texts in quotes with commas between them; a long list ends with an ellipsis."""
    items = [f'"{shown(text)}"' for text in texts]
    return ", ".join(items if len(items) <= _LISTED else [*items[:_LISTED], "…"])


def field_labels(fields: Iterable[str], schema: Schema) -> str:
    """The labels of `fields` with commas between them."""
    return ", ".join(field_label(name, schema) for name in fields)


def field_label(name: str, schema: Schema) -> str:
    """The field's name for a person."""
    return next((field.label for field in schema.fields if field.name == name), name)


def map_option(label: str, field: str) -> str:
    """What to type so that the column `label` feeds `field`."""
    return f'--map "{shown(label)}={field}"'


def together(sentences: Sequence[Sentence]) -> Sentence:
    """The sentences as one, each still translatable by itself. There must be at least one."""
    return reduce(lambda said, more: sentence("{said} {more}", said=said, more=more), sentences)
