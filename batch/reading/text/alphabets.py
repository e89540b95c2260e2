"""The letters of languages beyond ASCII, and the older encodings in which customers' programs write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Languages that share their encodings: their small letters beyond ASCII, by language.

    `rare` letters belong to the script, but are no reason to believe in a language. `mixes` says that the letters
    stand in one word with those of ASCII, `often` that they may be most of a word.
    """

    languages: Mapping[str, str]
    rare: str = ""
    mixes: bool = True
    often: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Charset:
    """One encoding: its name for a person and what its text is made of.

    An East Asian encoding has no `script`; there `common` tells the everyday characters, by the lead bytes that they
    have in `standard`. `rarity` is added to how strange a reading looks, since some encodings are hardly met any more.
    """

    label: str
    script: Script | None = None
    standard: str = ""
    common: frozenset[int] = frozenset()
    rarity: float = 0.0


def _span(first: int, last: int) -> str:
    return "".join(chr(point) for point in range(first, last + 1))


def _leads(*spans: tuple[int, int]) -> frozenset[int]:
    return frozenset(lead for first, last in spans for lead in range(first, last + 1))


WESTERN = Script(
    languages={
        "Dutch": "éèëêïîíóöôòúüûáäàâçñ",
        "German": "äöüßé",
        "French": "àâæçéèêëîïôœùûüÿ",
        "Spanish": "áéíñóúü¿¡ªº",
        "Portuguese": "áâãàçéêíóôõúü",
        "Italian": "àèéìíòóùú",
        "Danish or Norwegian": "æøåéö",
        "Swedish or Finnish": "åäöéü",
    },
    rare="ýþðšž",
)
CENTRAL = Script(
    languages={
        "Polish": "ąćęłńóśźż",
        "Czech": "áčďéěíňóřšťúůýž",
        "Slovak": "áäčďéíĺľňóôŕšťúýž",
        "Hungarian": "áéíóöőúüű",
        "Romanian": "ăâîșțşţ",
        "Croatian": "čćđšž",
    },
    often=True,
)
TURKISH = Script(languages={"Turkish": "çğ\u0131öşüâîi\u0307"})
BALTIC = Script(languages={"Lithuanian": "ąčęėįšųūž", "Latvian": "āčēģīķļņšūž", "Estonian": "äõöüšž"})
CYRILLIC = Script(
    languages={"Russian": _span(0x430, 0x44F) + "ё", "Ukrainian": _span(0x430, 0x44F) + "ґєії"}, mixes=False
)
GREEK = Script(languages={"Greek": _span(0x3AC, 0x3CE) + "ΐΰ"}, mixes=False)
HEBREW = Script(languages={"Hebrew": _span(0x5D0, 0x5EA)}, mixes=False)
ARABIC = Script(languages={"Arabic": _span(0x621, 0x652) + "پچژگ"}, mixes=False)
THAI = Script(languages={"Thai": _span(0xE01, 0xE3A) + _span(0xE3F, 0xE5B)}, mixes=False)

# In the order in which they are believed when two give the same text.
ENCODINGS: Mapping[str, Charset] = MappingProxyType(
    {
        "cp1252": Charset(label="Windows-1252 (Western European)", script=WESTERN),
        "cp850": Charset(label="code page 850 (DOS, Western European)", script=WESTERN),
        "mac_roman": Charset(label="Mac Roman (old Macintosh)", script=WESTERN, rarity=0.12),
        "cp1250": Charset(label="Windows-1250 (Central European)", script=CENTRAL),
        "iso8859_2": Charset(label="ISO 8859-2 (Central European)", script=CENTRAL, rarity=0.05),
        "cp852": Charset(label="code page 852 (DOS, Central European)", script=CENTRAL, rarity=0.05),
        "cp1254": Charset(label="Windows-1254 (Turkish)", script=TURKISH),
        "cp1257": Charset(label="Windows-1257 (Baltic)", script=BALTIC),
        "cp1251": Charset(label="Windows-1251 (Cyrillic)", script=CYRILLIC),
        "koi8_r": Charset(label="KOI8-R (Cyrillic)", script=CYRILLIC, rarity=0.1),
        "cp866": Charset(label="code page 866 (DOS, Cyrillic)", script=CYRILLIC, rarity=0.05),
        "cp1253": Charset(label="Windows-1253 (Greek)", script=GREEK),
        "cp1255": Charset(label="Windows-1255 (Hebrew)", script=HEBREW),
        "cp1256": Charset(label="Windows-1256 (Arabic)", script=ARABIC),
        "cp874": Charset(label="code page 874 (Thai)", script=THAI),
        "cp932": Charset(label="Shift-JIS (Japanese)", standard="euc_jp", common=_leads((0xA1, 0xA5), (0xB0, 0xCF))),
        "euc_jp": Charset(label="EUC-JP (Japanese)", standard="euc_jp", common=_leads((0xA1, 0xA5), (0xB0, 0xCF))),
        "gb18030": Charset(label="GB 18030 (Chinese)", standard="gb2312", common=_leads((0xA1, 0xA3), (0xB0, 0xD7))),
        "big5": Charset(label="Big5 (Chinese)", standard="big5", common=_leads((0xA1, 0xC6))),
        "cp949": Charset(label="code page 949 (Korean)", standard="euc_kr", common=_leads((0xA1, 0xA3), (0xB0, 0xC8))),
    }
)
