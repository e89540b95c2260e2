"""The accented letters of languages, by the 8-bit encodings in which customers' programs write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

WESTERN: Mapping[str, str] = MappingProxyType(
    {
        "Dutch": "éèëêïîíóöôòúüûáäàâçñ",
        "German": "äöüßé",
        "French": "àâæçéèêëîïôœùûüÿ",
        "Spanish": "áéíñóúü¿¡ªº",
        "Portuguese": "áâãàçéêíóôõúü",
        "Italian": "àèéìíòóùú",
        "Danish or Norwegian": "æøåéö",
        "Swedish or Finnish": "åäöéü",
        "Icelandic": "áéíóúýþæöð",
    }
)
CENTRAL: Mapping[str, str] = MappingProxyType(
    {
        "Polish": "ąćęłńóśźż",
        "Czech": "áčďéěíňóřšťúůýž",
        "Slovak": "áäčďéíĺľňóôŕšťúýž",
        "Hungarian": "áéíóöőúüű",
        "Romanian": "ăâîșțşţ",
        "Croatian": "čćđšž",
    }
)
TURKISH: Mapping[str, str] = MappingProxyType({"Turkish": "çğ\u0131öşüâîi\u0307"})
BALTIC: Mapping[str, str] = MappingProxyType(
    {"Lithuanian": "ąčęėįšųūž", "Latvian": "āčēģīķļņšūž", "Estonian": "äõöüšž"}
)
CYRILLIC: Mapping[str, str] = MappingProxyType(
    {"Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя'"}
)
GREEK: Mapping[str, str] = MappingProxyType({"Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One encoding: its name for a person and what its text is made of.

    `languages` are accented or other letters by language. An East Asian encoding has none; there `common` tells the
    everyday characters, by the lead bytes that they have in `standard`. `rarity` is added to how strange a reading
    looks, since some encodings are hardly met any more.
    """

    label: str
    languages: Mapping[str, str] = field(default_factory=dict)
    standard: str = ""
    common: frozenset[int] = frozenset()
    rarity: float = 0.0


def _leads(*ranges: tuple[int, int]) -> frozenset[int]:
    return frozenset(lead for first, last in ranges for lead in range(first, last + 1))


# In the order in which they are believed when two give the same text.
ENCODINGS: Mapping[str, Script] = MappingProxyType(
    {
        "cp1252": Script(label="Windows-1252 (Western European)", languages=WESTERN),
        "cp850": Script(label="code page 850 (DOS, Western European)", languages=WESTERN),
        "mac_roman": Script(label="Mac Roman (old Macintosh)", languages=WESTERN, rarity=0.12),
        "cp1250": Script(label="Windows-1250 (Central European)", languages=CENTRAL),
        "iso8859_2": Script(label="ISO 8859-2 (Central European)", languages=CENTRAL, rarity=0.05),
        "cp852": Script(label="code page 852 (DOS, Central European)", languages=CENTRAL, rarity=0.05),
        "cp1254": Script(label="Windows-1254 (Turkish)", languages=TURKISH),
        "cp1257": Script(label="Windows-1257 (Baltic)", languages=BALTIC),
        "cp1251": Script(label="Windows-1251 (Cyrillic)", languages=CYRILLIC),
        "koi8_r": Script(label="KOI8-R (Cyrillic)", languages=CYRILLIC, rarity=0.1),
        "cp866": Script(label="code page 866 (DOS, Cyrillic)", languages=CYRILLIC, rarity=0.05),
        "cp1253": Script(label="Windows-1253 (Greek)", languages=GREEK),
        "cp932": Script(label="Shift-JIS (Japanese)", standard="euc_jp", common=_leads((0xA1, 0xA5), (0xB0, 0xCF))),
        "euc_jp": Script(label="EUC-JP (Japanese)", standard="euc_jp", common=_leads((0xA1, 0xA5), (0xB0, 0xCF))),
        "gb18030": Script(label="GB 18030 (Chinese)", standard="gb2312", common=_leads((0xA1, 0xA3), (0xB0, 0xD7))),
        "big5": Script(label="Big5 (Chinese)", standard="big5", common=_leads((0xA1, 0xC6))),
        "cp949": Script(label="code page 949 (Korean)", standard="euc_kr", common=_leads((0xA1, 0xA3), (0xB0, 0xC8))),
    }
)
