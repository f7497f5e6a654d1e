"""A pattern is found, is not found, or runs out of time; it never does harm."""

import time
from datetime import timedelta

import pytest
import regex

from aggregator.patterns import timed_search

HOSTILE = "(a|aa|a?)+$"


@pytest.mark.parametrize(
    ("text", "found"), [("the dam gave way, the dim", ("dam",)), ("the valley", ()), ("", ())]
)
def test_what_a_pattern_finds_first_is_told(text: str, found: tuple[str, ...]) -> None:
    assert timed_search(regex.compile("d.m"), text) == found


def test_a_pattern_that_takes_too_long_is_unknown() -> None:
    began = time.monotonic()

    found = timed_search(regex.compile(HOSTILE), "a" * 5_000 + "!", limit=timedelta(milliseconds=20))

    assert found is None
    assert time.monotonic() - began < 2
