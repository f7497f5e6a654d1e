"""Copies of one text, and texts that only look alike."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.gist import Gist, gist
from aggregator.core.likeness import Likeness, likeness
from tests.builders import a_parsed_entry

HOUR = timedelta(hours=1)
TITLE = "Dam bursts in northern valley after week of rain"
LEAD = (
    "Thousands of people were told to leave their homes on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing"
)
NOTICE = "The fund declared a monthly dividend of 7.1 cents, payable March 31 to holders of record March 16."


def told(title: str = TITLE, summary: str = LEAD) -> Gist:
    return gist(a_parsed_entry(title=title, summary=summary))


def compared(one: Gist, two: Gist, gap: timedelta = HOUR) -> Likeness:
    """As if every word had been heard so often that none is rare."""
    return likeness(one, two, gap, lambda term: 1.0 if term else 3.0)


@pytest.mark.parametrize(
    "copy",
    [
        told(title=f"{TITLE} - The Valley Herald"),
        told(title=f"UPDATE 2: {TITLE}"),
        told(title=TITLE.upper()),
        told(title="After week of rain, dam bursts in northern valley"),
        told(title="Dam bursts in northern valley after…"),
        told(summary=LEAD.replace("people ", "").replace("officials", "officers")),
        told(summary=f"{LEAD}, the governor told reporters in the capital late in the evening"),
        told(summary=LEAD[:150]),
        told(title="Villages flooded as reservoir wall collapses"),
    ],
    ids=["publisher", "prefix", "case", "halves", "cut", "words", "longer", "shorter", "other headline"],
)
def test_an_edited_copy_is_the_same_story(copy: Gist) -> None:
    assert compared(told(), copy).same
    assert compared(copy, told()).same


@pytest.mark.parametrize(
    ("one", "two", "why"),
    [
        (told(), told(summary=LEAD.replace("40", "52")), "the figures changed"),
        (told(), told(title=f"{TITLE}: 3 dead", summary=LEAD.replace("40", "52")), "the figures changed"),
        (told(summary="Read more."), told(summary="Read more."), "too little text"),
        (told(summary=""), told(summary=""), "too little text"),
        (
            told(),
            told(summary="The cup final in the northern valley went to penalties on Tuesday"),
            "other words",
        ),
        (
            told("Morning briefing", NOTICE),
            told("Evening digest", NOTICE),
            "hardly the same headline over a short text",
        ),
        (
            told("Ohio Tax-Free sets payout", f"{NOTICE} Note: Ohio Insured Fund."),
            told("Utah High-Yield cuts payout", f"{NOTICE} Note: Utah Secured Trust."),
            "another name",
        ),
        (told("Rates stay as they are", LEAD), told("Cup final drawn", LEAD), "a text for any headline"),
    ],
)
def test_texts_that_are_kept_apart_say_why(one: Gist, two: Gist, why: str) -> None:
    assert (compared(one, two).same, compared(one, two).apart) == (False, why)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            told(
                "Valley Railway annual results",
                "Net 12 vs 14 Revs 7 vs 8 Year net 30 vs 31 revs 60 vs 62 per share",
            ),
            told(
                "Valley Railway annual results",
                "Profit 12 vs 14 Sales 7 vs 8 Annual profit 30 vs 31 sales 60 vs 62 a share",
            ),
        ),
        (
            told(),
            told(title="Storm closes the harbour", summary=f"Storm {LEAD[9:140]} closed harbour ferries"),
        ),
    ],
    ids=["a table", "much of another text"],
)
def test_texts_from_one_mould_are_not_alike_enough(one: Gist, two: Gist) -> None:
    like = compared(one, two)

    assert not like.apart
    assert not like.same


def test_what_comes_again_days_later_has_to_be_the_same_nearly_to_the_letter() -> None:
    edited = told(summary=LEAD.replace("people ", "").replace("officials", "officers"))

    assert not compared(told(), edited, timedelta(days=4)).same
    assert compared(told(), told(), timedelta(days=4)).same


def test_a_rare_name_weighs_more_than_the_mould() -> None:
    one, two = told("Ohio fund sets payout"), told("Utah fund sets payout")
    names = {*one.title} ^ {*two.title}

    named = likeness(one, two, HOUR, lambda term: 9.0 if term in names else 0.5)

    assert named.score < compared(one, two).score


def test_texts_without_a_word_in_common_are_compared_whole() -> None:
    other = "Central bankers agreed at their meeting in Basel that rates may have to rise again this winter"

    assert not compared(told(), told(title=TITLE, summary=other)).same


def test_the_same_words_in_another_order_are_another_text() -> None:
    backwards = told(summary=" ".join(reversed(LEAD.split())))

    assert not compared(told(), backwards).same
    assert compared(told(), backwards).score > 0


@given(dropped=st.sets(st.integers(0, len(LEAD.split()) - 1), max_size=3), put=st.integers(0, 20))
def test_three_words_dropped_and_one_put_in_leave_a_paragraph_the_same_story(
    dropped: set[int], put: int
) -> None:
    said = [word for place, word in enumerate(LEAD.split()) if place not in dropped]

    found = compared(told(), told(summary=" ".join([*said[:put], "reportedly", *said[put:]])))

    assert found.same or found.apart == "the figures changed"
