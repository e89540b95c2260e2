"""The formats, each with what it takes and what it does not."""

import pytest

from batch.schema.formats import FORMATS, has_format

UUID = "0f8fad5b-d9cb-469f-a165-70867728950e"
RIGHT = {
    "uuid": [UUID, UUID.upper(), "00000000-0000-0000-0000-000000000000"],
    "email": ["a@b", "jan.jansen+x@voorbeeld.example", "@", "é@ü"],
    "uri": [
        "https://example.com",
        "https://example.com/a/b?c=d&e#f",
        "http://user:pw@example.com:8080/%7Euser",
        "http://[2001:db8::1]:80/",
        "http://[::ffff:192.0.2.1]",
        "http://[v1.x:y]/",
        "ftp://ftp.example.com/a;b",
        "mailto:jan@example.com",
        "urn:isbn:0451450523",
        "tel:+31-20-1234567",
        "file:///etc/hosts",
        "x:",
        "x:/",
        "x://",
        "a+b-c.d:e",
    ],
    "date": ["2025-01-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"],
    "date-time": [
        "2025-01-31T09:30:00Z",
        "2025-01-31t09:30:00z",
        "2025-01-31T23:59:59.123456789+02:00",
        "2025-01-31T00:00:00-23:59",
    ],
}
WRONG = {
    "uuid": ["", UUID[:-1], UUID + "0", UUID.replace("-", ""), "{" + UUID + "}", UUID[:-1] + "g", UUID[:-1] + "_"],
    "email": ["", "jan.example.com"],
    "uri": [
        "",
        "example.com",
        "/a/b",
        "//example.com",
        "1http://x",
        "http://exa mple.com",
        "http://example.com/é",
        "http://example.com/%zz",
        "http://[::1",
        "http://[1::2::3]",
        "http://[::256.1.1.1]",
        "http://example.com:8a/",
        "http://example.com/<x>",
        "http://a/b#c#d",
        "https://example.com\n",
    ],
    "date": ["", "2025-02-29", "1900-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025-01-00", "0000-01-01",
             "2025-1-1", "31-01-2025", "2025-01-31 ", "20250131", "٢٠٢٥-01-31", "2025-01-31\n"],
    "date-time": ["", "2025-01-31", "2025-01-31T09:30:00", "2025-01-31 09:30:00Z", "2025-01-31T24:00:00Z",
                  "2025-01-31T09:60:00Z", "2025-01-31T09:30:60Z", "2025-01-31T09:30Z", "2025-02-30T09:30:00Z",
                  "2025-01-31T09:30:00.Z", "2025-01-31T09:30:00+24:00", "2025-01-31T09:30:00Z\n"],
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_what_has_the_format_is_taken(name: str) -> None:
    assert [text for text in RIGHT[name] if not has_format(name, text)] == []


@pytest.mark.parametrize("name", FORMATS)
def test_what_has_not_the_format_is_not_taken(name: str) -> None:
    assert [text for text in WRONG[name] if has_format(name, text)] == []
