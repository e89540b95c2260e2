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
    "cp850": ["Café Zoë\nCoöperatie Daniël", "Müller GmbH, Köln\nGroß, Düsseldorf", "Crèche"],
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


@pytest.mark.parametrize(("codec", "text"), [(codec, text) for codec, texts in WORDS.items() for text in texts])
def test_words_tell_their_encoding(codec: str, text: str) -> None:
    found = guess(text.encode(codec))
    assert found is not None
    assert text.encode(codec).decode(found.codec) == text


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("cp1250", "Dvořák, Plzeň\nČapek, České Budějovice"),
        ("cp1250", "Szabó Győző, Győr\nKőműves, Szőlős"),
        ("cp1254", "Yılmaz, İstanbul\nŞahin, Eskişehir"),
        ("koi8_r", "Иванов, Москва\nПетров, Казань"),
        ("cp1255", "שלום עולם\nתל אביב"),
        ("cp1256", "مرحبا بالعالم"),
        ("cp874", "สวัสดีชาวโลก"),
    ],
)
def test_words_that_fit_another_encoding_as_well_are_never_read_wrongly(codec: str, text: str) -> None:
    found = guess(text.encode(codec))
    assert found is None or text.encode(codec).decode(found.codec) == text


@pytest.mark.parametrize("noise", [bytes(range(128, 256)), b"\xff\xfe\xfd\x81\x90", b"a\xd5\xd5\xd5\xd5b\x8f\x81"])
def test_noise_is_no_text(noise: bytes) -> None:
    assert guess(noise) is None


def test_what_no_encoding_can_decode_is_no_text() -> None:
    assert guess("Ωmega \u00ff".encode("cp1253", "ignore") + b"\xaa\xd2\xff\x81") is None


def test_the_guess_says_which_letters_told() -> None:
    found = guess(DUTCH.encode("cp1252"))
    assert found is not None
    assert (found.label, found.letters, found.contested) == ("Windows-1252 (Western European)", "é ë ö –", False)


def test_the_guess_says_when_another_encoding_would_fit_as_well() -> None:
    found = guess("Crèche".encode("cp1252"))
    assert found is not None
    assert found.contested
