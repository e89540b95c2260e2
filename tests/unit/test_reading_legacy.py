# ruff: noqa: RUF001  (letters that look like others are what is tested)
from __future__ import annotations

import pytest

from batch.reading.text.legacy import guess

DUTCH = "Café Zoë\nCoöperatie Daniël\nRenée – één\n"
WORDS = {
    "cp1252": [
        DUTCH,
        "Crèche De Zon",
        "Jan\u2019s bakkerij",
        "kost € 5",
        "Müller GmbH, Köln\nGroß & Söhne, Düsseldorf\nÄrzte, Überlingen",
        "Société Générale\nFrançois Noël, Béziers\nHôtel des Élèves",
        "Søren Kjær, København Ø\nÅse, Århus",
        "João, São Paulo\nConceição, Évora",
        "CAFÉ ZOË COÖPERATIE",
        "Hélène\nFrançois\nÄrzte\nSøren Ångström\nPeña",
    ],
    "cp850": ["Café Zoë\nCoöperatie Daniël", "Müller GmbH, Köln\nGroß, Düsseldorf", "Crèche\nNoël"],
    "mac_roman": ["Café Zoë", "Société Générale\nFrançois Noël, Béziers"],
    "cp1250": ["Łódź Spółka\nŻółw, Gdańsk\nKraków", "Łódź"],
    "cp852": ["Łódź Spółka\nŻółw, Gdańsk\nWięcek, Wrocław", "Dvořák, Plzeň\nČapek, České Budějovice"],
    "cp1251": ["Иванов, Москва\nПетров, Казань\nСидоров, Тверь"],
    "cp866": ["Иванов, Москва\nПетров, Казань\nСидоров, Тверь"],
    "cp1253": ["Παπαδόπουλος, Αθήνα\nΓεωργίου, Πάτρα"],
    "cp932": ["名前, 住所\nさとう, とうきょう\nスズキ, オオサカ", "佐藤, 25\n鈴木, 30\n高橋, 28"],
    "gb18030": ["姓名, 城市\n王伟, 北京\n李娜, 上海\n张敏, 广州"],
    "cp949": ["이름, 도시\n김철수, 서울\n이영희, 부산"],
}


def sure(data: bytes) -> str | None:
    """The encoding that is relied on; None if the operator is asked."""
    found = guess(data)
    return found.candidates[0].codec if found and found.sure else None


@pytest.mark.parametrize(("codec", "text"), [(codec, text) for codec, texts in WORDS.items() for text in texts])
def test_words_tell_their_encoding(codec: str, text: str) -> None:
    chosen = sure(text.encode(codec))
    assert chosen is not None
    assert text.encode(codec).decode(chosen) == text


ONE_NAME = [
    "Noël",
    "Zoë",
    "François",
    "Übung",
    "Müller",
    "Gaëlle",
    "Malmö",
    "Søren",
    "São",
    "Peña",
    "CAFÉ",
    "Weiß",
    "Élodie",
]


@pytest.mark.parametrize("text", ONE_NAME)
@pytest.mark.parametrize("codec", ["cp1252", "cp850", "mac_roman"])
def test_a_single_name_is_read_rightly_or_asked_about_but_never_read_wrongly(codec: str, text: str) -> None:
    chosen = sure(text.encode(codec))
    assert chosen is None or text.encode(codec).decode(chosen) == text


@pytest.mark.parametrize("text", ONE_NAME)
def test_a_single_name_is_enough_for_the_most_usual_encoding(text: str) -> None:
    assert sure(text.encode("cp1252")) == "cp1252"


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1250", "Dvořák, Plzeň\nČapek, České Budějovice"),
        ("cp1250", "Szabó Győző, Győr\nKőműves, Szőlős"),
        ("cp1250", "Gdańsk"),
        ("cp1254", "Yılmaz, İstanbul\nŞahin, Eskişehir"),
        ("cp857", "Yılmaz, İstanbul\nŞahin, Eskişehir"),
        ("koi8_r", "Иванов, Москва\nПетров, Казань"),
        ("iso8859_5", "Иванов, Москва\nПетров, Казань"),
        ("mac_cyrillic", "Иванов, Москва\nПетров, Казань"),
        ("cp737", "Παπαδόπουλος, Αθήνα"),
        ("cp1255", "שלום עולם\nתל אביב"),
        ("cp1256", "مرحبا بالعالم"),
        ("cp874", "สวัสดีชาวโลก"),
        ("euc_jp", "佐藤, 鈴木\n高橋, 田中"),
    ],
)
def test_words_that_fit_another_encoding_as_well_are_never_read_wrongly(codec: str, text: str) -> None:
    chosen = sure(text.encode(codec))
    assert chosen is None or text.encode(codec).decode(chosen) == text


@pytest.mark.parametrize("noise", [bytes(range(128, 256)), b"\xff\xfe\xfd\x81\x90", b"a\xd5\xd5\xd5\xd5b\x8f\x81"])
def test_noise_is_no_text(noise: bytes) -> None:
    assert guess(noise) is None


def test_what_no_encoding_can_decode_is_no_text() -> None:
    assert guess("Ωmega \u00ff".encode("cp1253", "ignore") + b"\xaa\xd2\xff\x81") is None


def test_the_guess_says_which_letters_told_and_how_certain_it_is() -> None:
    found = guess(DUTCH.encode("cp1252"))
    assert found is not None
    (only,) = found.candidates
    assert (only.label, only.letters) == ("Windows-1252 (Western European)", "é ë ö –")
    assert found.certainty > 0.9999


def test_the_guess_names_what_else_would_fit() -> None:
    found = guess("Noël".encode("mac_roman"))
    assert found is not None
    assert [(one.codec, one.letters) for one in found.candidates[:2]] == [("mac_roman", "ë"), ("cp850", "æ")]


def test_a_word_that_comes_a_thousand_times_tells_no_more_than_once() -> None:
    once, often = guess("Gdańsk".encode("cp1250")), guess(b"\n".join(["Gdańsk".encode("cp1250")] * 1000))
    assert once is not None
    assert often is not None
    assert once.certainty == pytest.approx(often.certainty)
