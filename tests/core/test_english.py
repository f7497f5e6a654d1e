"""Which titles are compared by meaning."""

import pytest

from aggregator.core.english import is_english


@pytest.mark.parametrize(
    ("title", "lang", "english"),
    [
        ("Dam bursts in northern valley", None, True),
        ("Dam bursts in northern valley", "en-GB", True),
        ("Dam bursts in northern valley", "fr", False),
        ("Beyoncé cancels tour", None, True),
        ("Staudamm bricht in der Nacht und flutet das Tal", None, False),
        ("Le barrage de la vallée cède", None, False),
        ("Плотину прорвало", None, False),
        ("大坝决堤", None, False),
        ("2014", None, True),
    ],
)
def test_a_title_is_english(title: str, lang: str | None, *, english: bool) -> None:
    assert is_english(title, lang) is english
