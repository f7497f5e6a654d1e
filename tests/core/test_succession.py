"""Which stored feed goes on under another address."""

import pytest

from aggregator.core.succession import heirs

OLD, NEW = "https://old.example/feed", "https://new.example/feed"
HTTP, HTTPS, SLASH = "http://a.example/feed", "https://a.example/feed", "https://a.example/feed/"


@pytest.mark.parametrize(
    ("stored", "wanted", "found"),
    [
        ([OLD], {NEW: [OLD]}, {NEW: OLD}),
        ([OLD], {NEW: []}, {}),
        ([OLD, NEW], {NEW: [OLD]}, {}),
        ([OLD], {NEW: [OLD], OLD: []}, {}),
        ([OLD], {NEW: ["https://older.example/feed", OLD]}, {NEW: OLD}),
        ([OLD], {NEW: ["http://old.example/feed/"]}, {NEW: OLD}),
        ([HTTP, HTTPS], {NEW: [HTTPS]}, {NEW: HTTPS}),
        ([OLD], {NEW: [OLD], "https://third.example/": [OLD]}, {NEW: OLD}),
    ],
    ids=[
        "the user's word",
        "without it another address is another feed",
        "a feed that has begun goes on as it is",
        "a feed that is still wanted stays",
        "the first address that is stored counts",
        "in whichever spelling",
        "the exact one first",
        "a feed has one heir",
    ],
)
def test_the_users_word(stored: list[str], wanted: dict[str, list[str]], found: dict[str, str]) -> None:
    assert heirs(stored, wanted) == found


@pytest.mark.parametrize(
    ("stored", "wanted", "found"),
    [
        ([HTTP], [HTTPS], {HTTPS: HTTP}),
        ([HTTPS], [SLASH], {SLASH: HTTPS}),
        (["https://me:pass@a.example/feed"], [HTTPS], {HTTPS: "https://me:pass@a.example/feed"}),
        ([HTTP], [HTTP, HTTPS], {}),
        ([HTTP, HTTPS], [SLASH], {}),
        ([HTTP], [HTTPS, SLASH], {}),
        (["https://www.a.example/feed"], [HTTPS], {}),
        (["https://a.example/feed?kind=comments"], [HTTPS], {}),
    ],
    ids=[
        "http becomes https",
        "a closing slash comes",
        "a login goes",
        "the old one is still wanted",
        "two left",
        "two came",
        "another host",
        "another query",
    ],
)
def test_without_it_only_the_spelling_may_differ(
    stored: list[str], wanted: list[str], found: dict[str, str]
) -> None:
    assert heirs(stored, {url: [] for url in wanted}) == found


def test_the_users_word_comes_before_the_spelling() -> None:
    assert heirs([HTTP], {HTTPS: [], NEW: [HTTP]}) == {NEW: HTTP}
