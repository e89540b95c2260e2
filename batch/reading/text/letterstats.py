# ruff: noqa: RUF001  (letters that look like others are what is counted)
"""How often each letter beyond ASCII stands where in names and places, by language: the evidence for an encoding.

Counted over distinct given names, surnames, streets, cities and occupations (those of the library Faker's locales),
with a little added for what was not seen. One entry takes ten characters: the letter in lower case, then for each of
nine places the probability of that letter there, as a digit to the base 36 that counts fifths of a power of ten
(`a` is one in a hundred). The places: before it nothing, a vowel, a consonant; in each case after it nothing, a vowel,
a consonant.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VOWELS = frozenset("aeiouyæœøıаеёиоуыэюяіїєαεηιουω")

_COUNTED: Mapping[str, str] = {
    "Dutch": (
        "ëkkk4k4kkkékbkbe9655èkkkkk7kk7ïkkkkb6kkkükkckk9kk8ökkekkake8âkkkkkkkk7êkkkkkkkk9çkkkkbkkbkûkkkkkkkk9"
        "ókkkkkckckúkkkkkkkkbàckkkkkekkôkkkkkkkkdåkkekkkkkk"
    ),
    "German": (
        "äkkbkkcf73ükkbkkkff3ökk9kkdkk4ßkkk778kkkékkkdkfca8èkkkkkckkaëkkkkkakkkákkkkkkkfbókkkkkkfkeíkkkkkfkff"
        "çkkkkkkkdkïkkkkkdkkkêkkkkkkkkeôkkkkkkkkeâkkkkkkkkeãkkkkfkkkk"
    ),
    "French": (
        "ékf5be8752èkkkkk6kk6ôkkkkkekk8êkkfkkckk8œkbkkkkk9kâkkdkkfkk8îkkckk9kkkëkkkff9kkkçkfkkbkkakïkkkkk9kkk"
        "ûkkkkkekkbàekkkkkckfükkkkkkkkcäkkkkkkkkc"
    ),
    "Spanish": "ókkcek57k5áke8eka9a4íkkddc9956ékkabk99e5ñkkkk5kkkkúkkakkcck8àkkkkkkdkeèkkkkkkkkdükkkkkkkek",
    "Portuguese": (
        "ãkkkf9kb4fçkkkk4kk7káke9ck8ab5ékkedkb9b5íkkcdf8kk6ókkckkacb6âkkdkkfkk7úkkffkckk8êkkkfkbdd8ôkkfkkkde8"
        "õkkkkfkk8kükkkkkkkbkàfkfkkkkkk"
    ),
    "Italian": "òkkk6kk3kkàkkk9kk2kkökkkkkkkk6ìkkkkkk6kkükkkkkkkk7ßkkk9akkkkèkkkakk9kkékkkkkk8kkùkkkakkbkkäkkkkkkbkk",
    "Danish or Norwegian": "øfb7kk97b2ækkakkeec2åfk8kkk9e5ékkkkkkcffükkkkkkkkc",
    "Swedish or Finnish": "äkecae7553ökk8bb9783åkk8bkkkk9ékkkkkkbb7žkkkkkkkbkíkkkkkkkkdãkkkkkkkdkškkkkkkkdkçkkkkekkkk",
    "Polish": "łk8k857e5hćkke5kc8khśkk88k6ekcókkhkkbkk5żk8ea8afbhękkkek8dk7ńkkk7k7fkkąkkkkk9fk7źkkffkackd",
    "Czech": (
        "ákkiikc7k4íkkiiki5i5ýkkkkkk5i8ěkkkkkk8k6řkcib8cf6fčkadb88gadškbac99ibežkbfb8afbeékkikkfak8ůkkkkkkdk9"
        "úkkakkhkkfňkkkcediekókkkkkhkkbťkkkehkeegďkkkfhkkhkľkkkgkkkkkükkkkkkkkg"
    ),
    "Slovak": (
        "ákkhikb3k4šk99a77iaečk9ga78f8eíkkggkkei5ékkkkkg8i8ýkkkkkk8iažkage9aiceľkbkc9akckúkkckkhkk8ňkhkc9fkbk"
        "ďkbkgdkkfkókkkkkhkkaťkfkfekeckôkkikkkkkcäkkkkkkkkdŕkkkkkkkkfökkkkkkkkf"
    ),
    "Hungarian": "ákk9kk9kk3ékk9kkbdf4ókkdfka6c6őkkfkkc5c8ökkekkckf6íkkekkcfk6ükk9kkekk8űkkkkfdek9úkkckkdckb",
    "Romanian": "țkkk73ka5kăkkkkkk573șka8659kkkâkkkkkkkk7",
    "Croatian or Slovenian": "čk8c757g6bšk87a65k88ćkek39ekdkžk8fc69g8gđkckkakkdk",
    "Turkish": "ıkkkgka5d4ükg9kkb9c4şg7g778g9kçk7k9aac6cökk7kkckg6ğkgkb88kkkİkg7kkkkkgâkkekkkega",
    "Lithuanian": "ėkkkkkk2k5ūkkkkk9kk4šk9kk96kkkžk6kk7kkkkčkkkk7kkkkękkkkkkkk9ąkk9kkkkkk",
    "Latvian": (
        "ņkkkk44kkkīkkkkkkkk3ākk7kkakk5škkkkk94kkēkk9kkkkk6ūkkkkkkkk6ģkakkakkckķkkkk9kkkkļkkkkcckakžkckkckkkk"
        "čkkkkckkkk"
    ),
    "Estonian": "äkkkkk7k53õk7kkkkk73ükkakk7k75škaakakk7kžk8kkkakkkökkkkkakaa",
    "Russian": (
        "аjibijd996оjicijccb6иjichked97нkbib99i8hеkkddkcfb6рjbib99g9iсkbceb9ec9кjadcabb9fвjbea8aiciтkbeeabc9b"
        "лjcie9agahмjagdacgcgдjcfeacgcfгjcedbdfcgяkkf9kgfgcуkjdjkfhe9пjbchcdhdfйkjk9ickkkьkkkkkkbcbбkbfgcdidi"
        "ыkkkkkkebcчkejcddkekзkdifcdjgiхkeiedeifiфkdghdeifjшkfgheekgiжkgjieekeiцkgihdgiekэkidkkhjigюkkfkkhkje"
        "щkikkgkkfk"
    ),
    "Ukrainian": (
        "аjhbije7c6оjjcjkdad6нkcjc98k8hкkadbbcd7gиkkkkkkb97рkcjc99i9jвibfc89jciеkjfjkgdd7сkbcfb9id9іjjdjkkda8"
        "лkcig9ajajтkcffaceadьkkkkkkcf8дjcefachceмibjfadjdkуkjejkggf9йjhk9fbjjkгkcefbdidhпjbchcekdiбkbfhbdkdj"
        "чkdjccdjdkяjkdckfcicзkcficcjgiхkeghdekgiцkgkkecjekшkefhddkgiжkfjifejekфjeghegjgjїjkhfjdkkjюkkfjkjjkd"
        "єjkekkfkjgщkgkkeikjk"
    ),
    "Bulgarian": (
        "аkgagkb6d6иkkckkeb96нjbk879kchоkjdfgb8d7еkibjkddb6рkbkb9ae9dлkbjc8bj9hкkbdeadg8gвkbeaackchтkbgeabfae"
        "сkbceb9jddдkbefadgbeмkahe9djejяkkbbkcekcгhbfgcekdgпkaeidgkeiчkcjjcekbjбkbehdejejуkkijkfjfaзkddhcekgh"
        "хkdcjdfkgkйkdkdfdkkkфkdejdfkhkшkeggdekkkцkffhcgjfkъkkgkkkkkbюkkejkkdkeжkfjkehkfkьkjkkkkkdjщkegkhkkkk"
    ),
    "Greek": (
        "αkfacjabb6οjhfh9cg77ρkdki8ak9kνkdh98akcjυkjg8f9kgaιkffgdch98λkbki8ckbkτkddj9bi9dςkkk7kkjkkκk9ej9cjbg"
        "σkcckaakbhεkfcjhgha9ίkkjjdej9aμkaeiackdiπkadkaekbgηkkgikhbj8άkkggjbeh9δkcfkagkdfγkcekbckciωkkikibii9"
        "ύkkjcjbkjdβkbekcekejχkdekbfkejόkkikkfhhaφkdfjcfkejήkkjjkidkbέkkhkjhhebώkkjjkdijbθkejkchkejζkekjdkkek"
        "ξkfkkekkkkψkgkkfkkjk"
    ),
    "Hebrew": (
        "\u05d9hkakkk8k5\u05d5ikbkkkak5\u05e8hkakkk9k6\u05d0ik8kkkbk7\u05d4ik8kkk7kb\u05dcjkakkk9k7"
        "\u05e0kkakkkkk7\u05dejk9kkkik8\u05d1jkakkkbk8\u05d3ikbkkkbk9\u05eajkckkk8kb\u05e1kkakkkbk9"
        "\u05e7jkbkkkck9\u05d2ekakkkbka\u05dfikkkkk8kk\u05e9jkakkkdka\u05d8jkckkkdk9\u05e4kkbkkkhka"
        "\u05e2jkakkkfka\u05d7gkbkkkeka\u05ddjkkkkk9kk\u05d6ikdkkkekb\u05e6fkdkkkgkc\u05dbjkdkkkjkb"
        "\u05e5jkkkkkdkk\u05e3kkkkkkdkk\u05dakkkkkkekk"
    ),
    "Arabic": (
        "\u0627ik7kkkak5\u064aikckkk8k6\u0644ikbkkkak6\u0645ik9kkk9k8\u0631ikbkkk9k7\u0648ik9kkkek7"
        "\u0646ikbkkk9k8\u0628ik9kkkbk9\u062fikdkkk9k8\u0639ikakkkck9\u062aikbkkkbk9\u0633ikbkkkck9"
        "\u0641ikbkkkbka\u0629ikkkkk8kk\u062dkkbkkkck9\u0642ikckkkcka\u062cikbkkkdka\u0647ikckkkdka"
        "\u0643ikckkkeka\u0634kkbkkkeka\u0632kkdkkkdkb\u0635kkckkkgkb\u0623kkbkkkikb\u0637kkdkkkekb"
        "\u062ekkckkkgkc\u0636kkekkkekc\u063akkdkkkgkc\u0621kkkkkkbki\u062bkkfkkkekd\u0625kkdkkkkkd"
        "\u0649ikkkkkckk\u0626kkkkkkkkc\u0630kkgkkkgkd\u0638kkgkkkgkf\u0624kkikkkkke"
    ),
    "Persian": (
        "\u0627kk8kkk9k5\u0631kkbkkk9k6\u0646kkakkk7k7\u06cckkekkk8k7\u0648jkckkkbk7\u0645kk8kkkbk8"
        "\u062akkakkkak8\u062fkkakkkak8\u0633jk9kkkck8\u0647jkbkkk8k9\u0644kkckkkak8\u0628kk9kkkck9"
        "\u064akkgkkkak9\u0634kkbkkkcka\u06a9kkakkkcka\u0632kkdkkkck9\u06afkkbkkkeka\u067ejkakkkgkc"
        "\u0641kkbkkkekb\u0639kkckkkekb\u062ekkbkkkgkc\u062ckkckkkfkb\u0622jkakkkjkf\u0642kkdkkkekc"
        "\u062dkkdkkkgkb\u0643kkdkkkekd\u0637kkekkkfkd\u0635kkdkkkhkd\u063akkekkkhkd\u0686kkdkkkhkf"
        "\u0626kkkkkkkkd\u0630kkhkkkike\u0698kkhkkkhke\u0636kkgkkkkke\u062bkkikkkhkg\u0638kkhkkkikg"
    ),
    "Thai": (
        "\u0e23ikakkk8k6\u0e32ikckkk9k6\u0e19ik9kkk9k8\u0e01ik9kkk9k8\u0e40kk8kkkkk8\u0e21ikakkk9k9"
        "\u0e2dikakkkdk8\u0e07ikbkkkak9\u0e27ikakkkak9\u0e22ikakkkaka\u0e1eikbkkkak9\u0e2aikakkkbk9"
        "\u0e25ikbkkkaka\u0e15ikakkkbka\u0e30ikkkkkck8\u0e17ikbkkkbka\u0e14ikbkkkakb\u0e04ikbkkkcka"
        "\u0e0aikckkkbka\u0e2bikbkkkdka\u0e1aikbkkkbkc\u0e1bikbkkkekb\u0e28ikckkkbkc\u0e18ikbkkkckc"
        "\u0e13ikdkkkbkc\u0e41kkbkkkkkb\u0e20ikdkkkckb\u0e08ikdkkkckb\u0e0dikbkkkdkc\u0e42kkbkkkkkc"
        "\u0e33ikfkkkfkb\u0e29ikekkkekb\u0e44kkckkkkkc\u0e02ikdkkkdkc\u0e16ikdkkkekd\u0e10ikdkkkeke"
        "\u0e43kkekkkkkd\u0e1cikfkkkfkf\u0e0bikhkkkekf\u0e24kkhkkkkkd\u0e1fikhkkkgkg\u0e09ikgkkkhkg"
        "\u0e0ekkikkkfkg\u0e2eikfkkkikg\u0e11kkgkkkikh\u0e0fikikkkkkg\u0e12ikgkkkiki"
    ),
}  # fmt: skip

_DIGITS, _FIFTHS = 36, 5
_ENTRY = 10


def _table(counted: str) -> Mapping[str, tuple[float, ...]]:
    entries = (counted[place : place + _ENTRY] for place in range(0, len(counted), _ENTRY))
    return MappingProxyType(
        {entry[0]: tuple(10 ** (-int(mark, _DIGITS) / _FIFTHS) for mark in entry[1:]) for entry in entries}
    )


LETTERS: Mapping[str, Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {language: _table(counted) for language, counted in _COUNTED.items()}
)
