"""What is alike to a reader is equal, and what a word is in each script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.text import (
    clean_text,
    counted,
    folded,
    key64,
    paragraphs,
    plain_text,
    same_key,
    visible,
    words,
)


def test_characters_that_xml_forbids_are_dropped() -> None:
    assert clean_text("a\x00\x0b\ud800\ufffe\uffff\tb\n🙂") == "a\tb\n🙂"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2J\x9b1m", "a<U+001B>[2J<U+009B>1m"),
        ("\u202egpj.exe\u2069", "<U+202E>gpj.exe<U+2069>"),
        ("\0", "<U+0000>"),
        ("tab\tline\n שלום\u200f 👩\u200d🚀", "tab\tline\n שלום\u200f 👩\u200d🚀"),
    ],
    ids=["what a terminal obeys", "what turns a line round", "nul", "what writes words"],
)
def test_controls_are_made_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_clean_text_does_not_recompose() -> None:
    assert clean_text("e\u0301") == "e\u0301"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("no markup\n at  all", "no markup at all"),
        ("<p>One</p><p>two</p>", "One two"),
        ("<b>Kyi</b>v", "Kyiv"),
        ("R&amp;D &lt;3 &nbsp; x", "R&D <3 x"),
        ("<script>alert(1)</script>news<style>p {}</style>", "news"),
        ("a<!-- <p>hidden</p> -->b", "a b"),
        ("a<!-- never closed", "a"),
        ("a<script>never closed", "a"),
        ('<img alt="x">after<br/>break', "after break"),
        ("2 < 3 and 4 > 3", "2 < 3 and 4 > 3"),
        ("cut <a href='x", "cut"),
    ],
)
def test_plain_text_is_what_a_person_reads(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["<!--", "<script", "<a ", "<style><", "</"])
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    assert len(plain_text(piece * 200_000)) <= len(piece) * 200_000


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("NATO", "nato"),
        ("Élection", "ELECTION"),
        ("e\u0301", "é"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("DIYARBAKIR", "Diyarbakır"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("cœur", "coeur"),
        ("ﬁnance", "finance"),
        ("ＮＡＴＯ", "nato"),
        ("ｶﾞｻﾞ", "ガザ"),
        ("Αθήνα", "αθηνα"),
        ("ΟΔΟΣ", "οδος"),
        ("ёлка", "елка"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("غـــزة", "غزة"),
        ("Bundes\u00adtag", "bundestag"),
        ("می\u200cخواهم", "میخواهم"),
        ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
    ],
)
def test_what_is_alike_to_a_reader_is_equal(one: str, two: str) -> None:
    assert folded(one) == folded(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [("ガザ", "カサ"), ("क", "क्"), ("ไม่", "ไม"), ("선거", "성거")],
    ids=["kana voicing", "virama", "Thai tone", "Hangul"],
)
def test_marks_that_make_another_letter_stay(one: str, two: str) -> None:
    assert folded(one) != folded(two)


@given(st.text(max_size=30))
def test_words_are_folded_already(text: str) -> None:
    found = words(text)

    assert words(" ".join(found)) == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gas-pipeline, blown UP!", ("gas", "pipeline", "blown", "up")),
        ("covid-19", ("covid", "19")),
        ("l’OTAN", ("l", "otan")),
        ("snake_case", ("snake", "case")),
        ("東京でG7", ("東", "京", "で", "g7")),
        ("𠮷野家", ("𠮷", "野", "家")),
        ("น้ำ", tuple("น้\u0e4dา")),
        ("चुनाव के", ("चुनाव", "के")),
        ("நாடு", ("நாடு",)),
        ("총선거 결과", ("총선거", "결과")),
        ("🙂 …", ()),
    ],
)
def test_words(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


def test_titles_with_the_same_words_have_the_same_key() -> None:
    assert (
        same_key("Dam bursts – “thousands” flee!")
        == same_key("DAM BURSTS: thousands flee")
        == "dam bursts thousands flee"
    )


@pytest.mark.parametrize(
    ("number", "noun", "told"),
    [
        (0, "story", "0 stories"),
        (1, "new entry", "1 new entry"),
        (2, "new entry", "2 new entries"),
        (3, "day", "3 days"),
        (1204, "source", "1,204 sources"),
    ],
)
def test_numbers_are_told_with_their_noun(number: int, noun: str, told: str) -> None:
    assert counted(number, noun) == told


@pytest.mark.parametrize("text", ["", "dam", "\ud800"])
def test_a_key_fits_into_a_signed_64_bit_integer(text: str) -> None:
    assert -(2**63) <= key64(text) < 2**63


def test_a_paragraph_keeps_what_may_stand_inside_a_sentence() -> None:
    markup = '<h2>One</h2> <p>Two <a href="x">three</a><br>four</p><!-- <p>five -->'

    assert paragraphs(markup) == ("One", 'Two <a href="x">three</a>', "four")
