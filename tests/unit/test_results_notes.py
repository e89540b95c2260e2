from batch.results.xlsx.notes import (
    COMMENTS_HEAD,
    COMMENTS_TAIL,
    SHAPES_TAIL,
    comment,
    note_height,
    note_text,
    shape,
    shapes_head,
)
from tests.support.answers import parsed


def test_the_two_parts_are_well_formed() -> None:
    comments = parsed(COMMENTS_HEAD + comment("B2", "Tom & Jerry <x>") + COMMENTS_TAIL)
    assert comments[1][0].attrib["ref"] == "B2"
    assert "".join(comments[1].itertext()) == "Tom & Jerry <x>"
    drawing = parsed(shapes_head(1) + shape(0, 1, 1, "text") + SHAPES_TAIL)
    assert [child.tag.rpartition("}")[2] for child in drawing] == ["shapelayout", "shapetype", "shape"]


def test_a_drawing_names_every_block_of_ids_that_its_notes_use() -> None:
    assert 'data="1"' in shapes_head(1_023)
    assert 'id="_x0000_s2047"' in shape(1_022, 0, 0, "x")
    assert 'data="1,2"' in shapes_head(1_024)
    assert 'id="_x0000_s2048"' in shape(1_023, 0, 0, "x")


def test_a_note_is_as_high_as_its_text_up_to_a_page() -> None:
    assert note_height("short") < note_height("one\ntwo\nthree") < note_height("x" * 400)
    assert note_height("x" * 100_000) == note_height("x" * 50_000)


def test_a_very_long_note_is_shortened_visibly() -> None:
    assert note_text("short") == "short"
    assert note_text("x" * 5_000) == "x" * 1_997 + "..."
