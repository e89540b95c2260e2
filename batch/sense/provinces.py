"""Provinces as people write them: the Dutch ones with their variants, and which names are of another country.

Names are compared as `likeness.loose` gives them: without case, accents, spaces and punctuation, so that "Z.-H.",
"Z-H" and "zh" are one. Abbreviations are accepted for a Dutch row but prove no country: "ZH" is a Swiss canton too.
"""

from __future__ import annotations

from typing import Final

from batch.likeness import loose, nearest

_NAMES: Final = {
    "Drenthe": ("Drente",),
    "Flevoland": ("Flevolân",),
    "Friesland": ("Fryslân", "Frieslân", "Frisia", "Friesland (Fryslân)", "Fryslân/Friesland"),
    "Gelderland": ("Guelders", "Gelderlân"),
    "Groningen": ("Grinslân", "Grunnen", "Grönnen"),
    "Limburg": ("Limboarch", "Limburg (NL)", "Nederlands Limburg"),
    "Noord-Brabant": ("North Brabant", "Noard-Brabân", "N-Brabant", "N-Br", "Brabant"),
    "Noord-Holland": ("North Holland", "Noard-Hollân", "N-Holland"),
    "Overijssel": ("Overijsel", "Oerisel", "Oeriessel"),
    "Utrecht": ("Utert",),
    "Zeeland": ("Seelân", "Zealand"),
    "Zuid-Holland": ("South Holland", "Súd-Hollân", "Z-Holland"),
}
_SHORT: Final = {
    "Drenthe": ("DR", "DRE", "Dr."),
    "Flevoland": ("FL", "FLE", "Flevo"),
    "Friesland": ("FR", "FRL", "FRI", "Frl."),
    "Gelderland": ("GE", "GD", "GLD", "Geld."),
    "Groningen": ("GR", "GN", "GRO", "Gron."),
    "Limburg": ("LI", "LB", "LIM", "Limb."),
    "Noord-Brabant": ("NB", "N-B", "NBR"),
    "Noord-Holland": ("NH", "N-H", "NHO"),
    "Overijssel": ("OV", "OVE", "OVR", "Ov."),
    "Utrecht": ("UT", "UTR", "Utr."),
    "Zeeland": ("ZE", "ZL", "ZEE", "ZLD"),
    "Zuid-Holland": ("ZH", "Z-H", "ZHO"),
}
# Enough to tell that a postal code of four digits is not a Dutch one without its letters. "Luxemburg" is left out: a
# province of Belgium and a country.
_ELSEWHERE: Final = {
    "BE": (
        *("Antwerpen", "Antwerp", "Anvers", "Oost-Vlaanderen", "East Flanders", "Flandre orientale"),
        *("West-Vlaanderen", "West Flanders", "Flandre occidentale", "Vlaams-Brabant", "Flemish Brabant"),
        *("Brabant flamand", "Waals-Brabant", "Walloon Brabant", "Brabant wallon", "Henegouwen", "Hainaut", "Luik"),
        *("Liège", "Namen", "Namur", "Vlaanderen", "Flanders", "Flandre", "Wallonië", "Wallonie", "Wallonia"),
        *("Brussel", "Brussels", "Bruxelles", "Bruxelles-Capitale", "Brussels Hoofdstedelijk Gewest"),
        *("Région de Bruxelles-Capitale", "Brussels-Capital Region", "Limburg (BE)", "Belgisch Limburg"),
    ),
    "DE": (
        *("Baden-Württemberg", "Bayern", "Bavaria", "Beieren", "Berlin", "Berlijn", "Brandenburg", "Bremen", "Hamburg"),
        *("Hessen", "Mecklenburg-Vorpommern", "Niedersachsen", "Nedersaksen", "Nordrhein-Westfalen", "NRW"),
        *("Noordrijn-Westfalen", "Rheinland-Pfalz", "Saarland", "Sachsen", "Sachsen-Anhalt", "Schleswig-Holstein"),
        *("Thüringen", "Thuringia"),
    ),
    "AT": (
        *("Burgenland", "Kärnten", "Niederösterreich", "Oberösterreich", "Salzburg", "Steiermark", "Tirol"),
        *("Vorarlberg", "Wien", "Vienna"),
    ),
    "CH": (
        *("Aargau", "Appenzell", "Basel", "Basel-Stadt", "Basel-Landschaft", "Bern", "Fribourg", "Genève", "Geneva"),
        *("Glarus", "Graubünden", "Jura", "Luzern", "Neuchâtel", "Nidwalden", "Obwalden", "Schaffhausen", "Schwyz"),
        *("Solothurn", "St. Gallen", "Thurgau", "Ticino", "Uri", "Valais", "Vaud", "Zug", "Zürich", "Zurich"),
    ),
    "DK": ("Hovedstaden", "Region Hovedstaden", "Midtjylland", "Nordjylland", "Sjælland", "Syddanmark"),
    "NO": ("Oslo", "Akershus", "Vestland", "Rogaland", "Trøndelag", "Agder", "Nordland", "Innlandet", "Troms"),
}

_FULL: Final = {loose(text): name for name, others in _NAMES.items() for text in (name, *others)}
_ANY: Final = _FULL | {loose(text): name for name, others in _SHORT.items() for text in others}
_REGION_OF: Final = {loose(text): region for region, names in _ELSEWHERE.items() for text in names}
_SHARED: Final = frozenset({loose("Limburg")})
_PREFIXES: Final = ("provincie", "province", "provinsje", "prov", "nl")


def dutch_province(text: str) -> str | None:
    """The Dutch province that `text` names, by its usual Dutch name; None if it names none."""
    key = loose(text)
    return _ANY.get(key) or next((found for rest in _bare(key) if (found := _ANY.get(rest))), None)


def nearest_province(text: str) -> str | None:
    """The Dutch province that was probably meant; to be suggested, never taken."""
    return nearest(text, _NAMES)


def region_of_province(text: str) -> str | None:
    """The country that has a province of this name, as far as the name alone can tell."""
    key = loose(text)
    candidates = [key, *_bare(key)]
    if _SHARED & set(candidates):
        return None
    if any(each in _FULL for each in candidates):
        return "NL"
    return next((_REGION_OF[each] for each in candidates if each in _REGION_OF), None)


def _bare(key: str) -> list[str]:
    """The key without "province" before or behind it."""
    before = [key.removeprefix(word).removeprefix("of") for word in _PREFIXES if key.startswith(word)]
    return [*before, *(key.removesuffix(word) for word in ("provincie", "province") if key.endswith(word))]
