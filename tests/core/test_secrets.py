"""Secrets are known by where they stand, and everything else stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.secrets import without_secrets


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("feed=https://me:hunter2@news.example/rss", "feed=https://…@news.example/rss"),
        ("proxy http://only-a-token@proxy.example:3128", "proxy http://…@proxy.example:3128"),
        ("https://a.example/f?token=abc&page=2", "https://a.example/f?token=…&page=2"),
        ("https://a.example/f?x=1&API_KEY=abc#top", "https://a.example/f?x=1&API_KEY=…#top"),
        ("Authorization: Bearer abc.def-123", "Authorization: …"),
        ("{'Authorization': 'Basic bWU6aHVudGVyMg=='}", "{'Authorization': '…'}"),
        ("sent Bearer abcdefgh12345678 to it", "sent Bearer … to it"),
        ("GET /private/0123456789-abcdef/all.atom", "GET /private/…/all.atom"),
        ("mail to me@news.example", "mail to me@news.example"),
        ("https://a.example/@user/token=1", "https://a.example/@user/token=1"),
        ("https://a.example/f?keyword=nato&tokens=3", "https://a.example/f?keyword=nato&tokens=3"),
        ("a basic truth; the bearer of news", "a basic truth; the bearer of news"),
    ],
    ids=[
        "user and password of an address",
        "a user alone may be a token",
        "a token in a query",
        "however its name is written",
        "the header Authorization",
        "a mapping of headers",
        "credentials on their own",
        "the address of a private output",
        "an e-mail address is none",
        "nor is a path",
        "nor a parameter whose name only begins so",
        "nor the plain words",
    ],
)
def test_secrets_go_and_the_rest_stays(text: str, left: str) -> None:
    assert without_secrets(text) == left


@given(st.text())
def test_what_was_cleaned_once_is_clean(text: str) -> None:
    once = without_secrets(text)

    assert without_secrets(once) == once


@given(st.from_regex(r"[A-Za-z0-9]{8,30}", fullmatch=True), st.sampled_from(["https", "ntfy", "mailtos"]))
def test_no_password_of_an_address_is_left(password: str, scheme: str) -> None:
    assert password not in without_secrets(f"asked {scheme}://user:{password}@host.example/x in vain")
