"""What is left of an entry for comparing."""

import pytest

from aggregator.core.chrome import repeated
from aggregator.core.gist import cut, gist, is_number, number, opening, terms, unpacked, words_in
from tests.builders import a_parsed_entry

LEAD = "Thousands were told to leave their homes on Tuesday after a dam gave way."
TAGLINE = "Read all about it at the Valley Herald."


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The ministers met", "the MINISTER met"),
        ("Élysée", "elysee"),
        ("1,250.50 dollars", "1250.50 dollars"),
        ("1.250,50 dollars", "1’250.50 dollars"),
        ("١٬٢٥٠٫٥٠ dollars", "1250.50 dollars"),
        ("１２５０ dollars", "1250 dollars"),
        ("eight dead", "8 dead"),
    ],
    ids=["case and endings", "accents", "thousands", "decimals", "Arabic digits", "wide digits", "numerals"],
)
def test_what_makes_no_difference(one: str, two: str) -> None:
    assert terms(one)[-2:] == terms(two)[-2:]


def test_a_decimal_is_another_number_than_its_digits() -> None:
    assert terms("1.5 billion") != terms("15 billion")


def test_two_characters_of_a_run_are_worth_half_a_word() -> None:
    assert words_in(terms("港の祭り with 3 boats")) == 3 / 2 + 3


def test_a_word_with_a_digit_is_a_number_and_is_not_cut() -> None:
    assert is_number(number("19870401"))
    assert number("19870401") != number("19870402")
    assert not is_number(number("thousands"))


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("港の祭り", ["港の", "の祭", "祭り"]),
        ("港", ["港"]),
        ("NHK 港の news", ["nhk", "港の", "news"]),
    ],
)
def test_unspaced_text_counts_by_pairs(text: str, pairs: list[str]) -> None:
    assert terms(text) == tuple(number(pair, is_pair=not pair.isascii()) for pair in pairs)


def test_the_headline_said_again_is_left_out() -> None:
    entry = a_parsed_entry(title="Dam bursts", summary=f"Dam bursts {LEAD}")

    assert opening(entry).strip() == LEAD


def test_a_word_that_the_cut_may_have_halved_is_left_out() -> None:
    assert opening(a_parsed_entry(summary="word " * 60)).endswith("word word")
    assert opening(a_parsed_entry(summary="w" * 300)) == "w" * 220
    assert opening(a_parsed_entry(summary=f"東京 {'港' * 300}")) == f"東京 {'港' * 217}"


@pytest.mark.parametrize(("said", "kept"), [("1,250 more", ""), ("1.5 more", ""), ("1. More", "1.")])
def test_a_number_that_the_cut_may_have_halved_is_left_out(said: str, kept: str) -> None:
    words = "word " * 43 + "on "

    assert cut(f"{words}{said}") == f"{words}{kept}".rstrip()


def test_page_chrome_is_left_out() -> None:
    entries = [a_parsed_entry(title=f"Title {n}", summary=f"News number {n}. {TAGLINE}") for n in range(3)]

    assert opening(entries[0], repeated(entries)) == "News number 0."


def test_a_packed_gist_comes_back() -> None:
    whole = gist(a_parsed_entry())

    assert unpacked(whole.packed()) == whole
    assert whole.terms == whole.title + whole.opening
    assert len(gist(a_parsed_entry(title="word " * 200_000)).packed()) < 500
