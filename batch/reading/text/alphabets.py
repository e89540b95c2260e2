"""The encodings that a text may be in when it is not Unicode, and the languages that are written in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Languages that share their encodings, each with its share among our customers' names and places.

    `mixes` says that the letters beyond ASCII stand in one word with those of ASCII.
    """

    languages: Mapping[str, float]
    mixes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideographs:
    """An East Asian script: its everyday characters, by the lead bytes that they have in `standard`, and how likely
    any one of them is. `syllables` are the lead bytes of the few that make up most of a text.
    """

    standard: str
    common: frozenset[int]
    likely: float
    syllables: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charset:
    """One encoding: its name for a person, what is written in it, and its share of the files that are not Unicode."""

    label: str
    script: Script | Ideographs
    share: float


def _leads(*spans: tuple[int, int]) -> frozenset[int]:
    return frozenset(lead for first, last in spans for lead in range(first, last + 1))


_WESTERN = Script(
    languages={
        "Dutch": 0.55,
        "German": 0.12,
        "French": 0.1,
        "Spanish": 0.06,
        "Swedish or Finnish": 0.05,
        "Danish or Norwegian": 0.04,
        "Portuguese": 0.04,
        "Italian": 0.03,
    }
)
_CENTRAL = Script(
    languages={
        "Polish": 0.4,
        "Czech": 0.15,
        "Hungarian": 0.12,
        "German": 0.1,
        "Croatian or Slovenian": 0.08,
        "Romanian": 0.08,
        "Slovak": 0.07,
    }
)
_TURKISH = Script(languages={"Turkish": 0.7, "Dutch": 0.2, "German": 0.1})
_BALTIC = Script(languages={"Lithuanian": 0.4, "Latvian": 0.35, "Estonian": 0.25})
_CYRILLIC = Script(languages={"Russian": 0.6, "Ukrainian": 0.25, "Bulgarian": 0.15}, mixes=False)
_GREEK = Script(languages={"Greek": 1.0}, mixes=False)
_HEBREW = Script(languages={"Hebrew": 1.0}, mixes=False)
_ARABIC = Script(languages={"Arabic": 0.8, "Persian": 0.2}, mixes=False)
_THAI = Script(languages={"Thai": 1.0}, mixes=False)
_JAPANESE = Ideographs(
    standard="euc_jp", common=_leads((0xA1, 0xA5), (0xB0, 0xCF)), likely=1 / 1200, syllables=_leads((0xA4, 0xA5))
)
_SIMPLIFIED = Ideographs(standard="gb2312", common=_leads((0xA1, 0xA3), (0xB0, 0xD7)), likely=1 / 1500)
_TRADITIONAL = Ideographs(standard="big5", common=_leads((0xA1, 0xC6)), likely=1 / 1500)
_KOREAN = Ideographs(standard="euc_kr", common=_leads((0xA1, 0xA3), (0xB0, 0xC8)), likely=1 / 800)

# In the order in which they are named when two give the same text.
ENCODINGS: Mapping[str, Charset] = MappingProxyType(
    {
        "cp1252": Charset(label="Windows-1252 (Western European)", script=_WESTERN, share=0.9),
        "cp850": Charset(label="code page 850 (DOS, Western European)", script=_WESTERN, share=0.035),
        "mac_roman": Charset(label="Mac Roman (old Macintosh)", script=_WESTERN, share=0.02),
        "cp437": Charset(label="code page 437 (DOS, American)", script=_WESTERN, share=0.004),
        "iso8859_15": Charset(label="ISO 8859-15 (Western European)", script=_WESTERN, share=0.003),
        "cp865": Charset(label="code page 865 (DOS, Nordic)", script=_WESTERN, share=0.001),
        "cp1250": Charset(label="Windows-1250 (Central European)", script=_CENTRAL, share=0.01),
        "iso8859_2": Charset(label="ISO 8859-2 (Central European)", script=_CENTRAL, share=0.004),
        "cp852": Charset(label="code page 852 (DOS, Central European)", script=_CENTRAL, share=0.004),
        "mac_latin2": Charset(label="Mac Central European (old Macintosh)", script=_CENTRAL, share=0.0005),
        "cp1254": Charset(label="Windows-1254 (Turkish)", script=_TURKISH, share=0.012),
        "cp857": Charset(label="code page 857 (DOS, Turkish)", script=_TURKISH, share=0.001),
        "cp1257": Charset(label="Windows-1257 (Baltic)", script=_BALTIC, share=0.004),
        "cp1251": Charset(label="Windows-1251 (Cyrillic)", script=_CYRILLIC, share=0.012),
        "cp866": Charset(label="code page 866 (DOS, Cyrillic)", script=_CYRILLIC, share=0.002),
        "koi8_r": Charset(label="KOI8-R (Cyrillic)", script=_CYRILLIC, share=0.001),
        "iso8859_5": Charset(label="ISO 8859-5 (Cyrillic)", script=_CYRILLIC, share=0.0003),
        "mac_cyrillic": Charset(label="Mac Cyrillic (old Macintosh)", script=_CYRILLIC, share=0.0003),
        "cp1253": Charset(label="Windows-1253 (Greek)", script=_GREEK, share=0.005),
        "iso8859_7": Charset(label="ISO 8859-7 (Greek)", script=_GREEK, share=0.002),
        "cp737": Charset(label="code page 737 (DOS, Greek)", script=_GREEK, share=0.0005),
        "cp1255": Charset(label="Windows-1255 (Hebrew)", script=_HEBREW, share=0.003),
        "cp1256": Charset(label="Windows-1256 (Arabic)", script=_ARABIC, share=0.004),
        "cp874": Charset(label="code page 874 (Thai)", script=_THAI, share=0.002),
        "cp932": Charset(label="Shift-JIS (Japanese)", script=_JAPANESE, share=0.006),
        "euc_jp": Charset(label="EUC-JP (Japanese)", script=_JAPANESE, share=0.001),
        "gb18030": Charset(label="GB 18030 (Chinese)", script=_SIMPLIFIED, share=0.003),
        "big5": Charset(label="Big5 (Chinese)", script=_TRADITIONAL, share=0.002),
        "cp949": Charset(label="code page 949 (Korean)", script=_KOREAN, share=0.003),
    }
)
