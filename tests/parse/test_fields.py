"""Names, languages and files, as every format has them."""

import pytest

from aggregator.model import Enclosure
from aggregator.parse.fields import enclosures, language, person, phrase

BASE = "https://news.example/feed"


@pytest.mark.parametrize(
    ("name", "address", "expected"),
    [
        ("Jane Roe", "", "Jane Roe"),
        ("Jane Roe", "jane@news.example", "Jane Roe"),
        ("jane@news.example (Jane Roe)", "", "Jane Roe"),
        ("Jane Roe (jane@news.example)", "", "Jane Roe"),
        ("Jane Roe <jane@news.example>", "", "Jane Roe"),
        ("Ann a@one.example, Bob b@two.example", "", "Ann, Bob"),
        ("<b>Jane</b> &amp; John", "", "Jane & John"),
        ("jane@news.example", "", "jane@news.example"),
        ("mailto:jane@news.example", "", "jane@news.example"),
        ("", "jane@news.example", "jane@news.example"),
        ("noreply@news.example", "", ""),
        ("", "No-Reply@news.example", ""),
        ("", "", ""),
    ],
)
def test_a_person_is_a_name_or_else_an_address_that_somebody_reads(
    name: str, address: str, expected: str
) -> None:
    assert person(name, address) == expected


def test_a_text_that_went_astray_is_no_longer_than_a_name() -> None:
    assert len(phrase("word " * 1_000)) <= 300


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("en_GB", "en-gb"),
        (" de ", "de"),
        ("zh-Hant-TW", "zh-hant-tw"),
        ("und", None),
        ("English", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_is_a_tag_in_lower_case(text: object, tag: str | None) -> None:
    assert language(text) == tag


@pytest.mark.parametrize(
    ("kind", "length", "expected"),
    [
        ("Audio/MPEG", "1200", ("audio/mpeg", 1200)),
        ("audio/ogg; codecs=opus", 0, ("audio/ogg; codecs=opus", 0)),
        ("mp3", "twelve", (None, None)),
        (None, None, (None, None)),
        ("audio/mpeg", str(2**53), ("audio/mpeg", None)),
    ],
)
def test_a_file_has_a_type_and_a_length_only_where_they_make_sense(
    kind: object, length: object, expected: tuple[str | None, int | None]
) -> None:
    assert enclosures([("/a.mp3", kind, length)], BASE) == (
        Enclosure("https://news.example/a.mp3", *expected),
    )


def test_a_file_is_named_once_and_only_by_an_address_of_the_web() -> None:
    found = [
        ("/a.mp3", None, 1),
        ("/a.mp3", None, 2),
        ("javascript:x", None, 3),
        (" ", None, 4),
        (None, None, 5),
    ]

    assert enclosures(found, BASE) == (Enclosure("https://news.example/a.mp3", None, 1),)
