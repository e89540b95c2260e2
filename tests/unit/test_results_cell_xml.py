import pytest

from batch.results.xlsx.cell_xml import attribute, number_cell, t_element, text_cell, xstring
from tests.support.answers import HARD_TEXTS, parsed


@pytest.mark.parametrize("text", HARD_TEXTS)
def test_every_text_is_well_formed_xml_of_type_text(text: str) -> None:
    cell = parsed(text_cell("B2", 3, text))
    assert cell.attrib == {"r": "B2", "s": "3", "t": "inlineStr"}
    assert [child.tag for child in cell.iter()] == ["c", "is", "t"]


def test_plain_text_is_written_as_it_is() -> None:
    assert text_cell("A1", 0, "De Vries") == '<c r="A1" s="0" t="inlineStr"><is><t>De Vries</t></is></c>'


def test_an_empty_cell_keeps_its_style() -> None:
    assert text_cell("A1", 7, "") == '<c r="A1" s="7"/>'


def test_numbers_are_numbers() -> None:
    assert number_cell("A1", 2, 12) == '<c r="A1" s="2"><v>12</v></c>'


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("\x01", "_x0001_"),
        ("\r\n", "_x000D_\n"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x0041_x0042_", "_x005F_x0041_x005F_x0042_"),
        ("_xyz_", "_xyz_"),
        ("\t\n", "\t\n"),
    ],
)
def test_what_xml_cannot_hold_is_escaped_as_excel_does(text: str, escaped: str) -> None:
    assert xstring(text) == escaped


@pytest.mark.parametrize("text", [" a", "a ", "a  b", "a\nb", "\t"])
def test_white_space_is_marked_to_be_kept(text: str) -> None:
    assert t_element(text) == f'<t xml:space="preserve">{text}</t>'


def test_text_that_no_cell_can_hold_is_cut() -> None:
    assert "[cut by flireo-batch: 40000 characters in all]" in t_element("x" * 40_000)
    assert "[cut by flireo-batch: 1 character that a workbook cannot hold]" in t_element("a\ud800")


def test_attributes_are_quoted() -> None:
    assert attribute("'A \"B\" & C'!A1") == "'A &quot;B&quot; &amp; C'!A1"
