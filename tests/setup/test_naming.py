"""Which feed a person means."""

import pytest

from aggregator.errors import UnknownIdError
from aggregator.setup import Candidate, address_keys, named

ONE = Candidate("https://one.example/rss", ("One Paper", ""), 0)
TWO = Candidate("https://two.example/rss", ("", "Two, daily"), 1)
TWIN = Candidate("http://two.example/rss/", ("",), 2)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("https://one.example/rss", ONE),
        ("one.example/rss", ONE),
        ("http://www.one.example/rss/", ONE),
        ("ONE PAPER", ONE),
        ("two daily", TWO),
        ("https://two.example/rss", TWO),
        ("http://two.example/rss/", TWIN),
    ],
)
def test_by_address_as_written_then_in_any_spelling_then_by_title(wanted: str, meant: Candidate) -> None:
    assert named(wanted, [ONE, TWO, TWIN]) == meant


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("two.example/rss", "by its address: https://two.example/rss, http://two.example/rss/"),
        ("On Paper", "did you mean One Paper?"),
        ("https://me:secret@one.example/rsss", "did you mean https://one.example/rss?"),
        ("Zebra", "`aggregator feeds` lists them"),
        ("", "`aggregator feeds` lists them"),
    ],
)
def test_what_is_not_clear_is_told_with_what_is_near(wanted: str, words: str) -> None:
    with pytest.raises(UnknownIdError) as caught:
        named(wanted, [ONE, TWO, TWIN])

    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("https://a.example/feed", "http://a.example/feed/", True),
        ("https://a.example/feed", "https://www.a.example/feed?utm_source=x", True),
        ("https://a.example", "http://a.example/", True),
        ("https://a.example/feed", "https://a.example/feed?kind=comments", False),
        ("https://a.example/", "https://b.example/", False),
    ],
)
def test_two_addresses_can_be_one_feeds(one: str, two: str, same: bool) -> None:
    assert bool(address_keys(one) & address_keys(two)) is same
