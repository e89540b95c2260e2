"""The sheet that tells a customer how to correct a failed file, in English and Dutch side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from batch.results.xlsx.style import LINE, NAVY, WHITE, Style

if TYPE_CHECKING:
    from batch.results.xlsx.page import Page

HOWTO_WIDTHS = (62, 62)

_TITLE = Style(color=NAVY, bold=True, size=18)
_HEADER = Style(color=WHITE, fill=NAVY, bold=True)
_TEXT = Style(wrap=True, border=LINE)

_TITLES = ("How to correct this file", "Zo corrigeert u dit bestand")
_STEPS = (
    (
        "1. Go to the sheet {sheet}. Each row there could not be handled yet; red cells need a correction.",
        "1. Ga naar het blad {sheet}. Elke regel daar kon nog niet worden verwerkt; verbeter de rode cellen.",
    ),
    (
        "2. Point at a red cell to read why. All reasons of a row are in its last column, flireo_errors.",
        "2. Wijs een rode cel aan om te lezen waarom. Alle redenen staan in de laatste kolom, flireo_errors.",
    ),
    (
        "3. Correct the cells. Some have a list to choose from. What you type stays as you type it: 0012 stays 0012.",
        "3. Verbeter de cellen. Sommige hebben een keuzelijst. Wat u typt blijft zoals u het typt: 0012 blijft 0012.",
    ),
    (
        "4. You may delete rows that are no longer needed, add rows at the end, sort, and move columns.",
        "4. U mag overbodige regels verwijderen, regels onderaan toevoegen, sorteren en kolommen verplaatsen.",
    ),
    (
        "5. Leave the four columns that begin with flireo_ as they are: they say which row of your first file it is.",
        "5. Laat de vier kolommen die met flireo_ beginnen staan: zij zeggen welke regel van uw eerste bestand het is.",
    ),
    (
        "6. Save the file and send it back. Rows that were created before are not in it and are not created again.",
        "6. Sla het bestand op en stuur het terug. Wat al is aangemaakt staat er niet in en wordt niet herhaald.",
    ),
)


def lay_out_howto(page: Page, sheet: str) -> None:
    """Fill the page; `sheet` is the name of the sheet with the rows."""
    page.line(*_TITLES, style=_TITLE)
    page.skip()
    page.line("English", "Nederlands", style=_HEADER)
    for english, dutch in _STEPS:
        page.line(english.format(sheet=sheet), dutch.format(sheet=sheet), style=_TEXT)
