"""Problems over time: each begins once, ends once, and is told of both once."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.notices import SHOWN, notice
from aggregator.core.problem_feed import problem_feed
from aggregator.core.problems import CALM, KEPT, MOST, followed, standing, told, untold
from aggregator.model import Finding, Problem, ProblemKind
from tests.builders import NOON

MINUTE = timedelta(minutes=1)
BASE = "https://news.example.net/"


def a_finding(subject: str = "1", kind: ProblemKind = ProblemKind.DEAD_FEED) -> Finding:
    return Finding(kind=kind, subject=subject, title=f"Feed {subject} is dead", cure="Take it out <now>.")


def after(*looks: Iterable[Finding], step: timedelta = CALM) -> tuple[Problem, ...]:
    """What is known after these looks, a step apart, the first at noon."""
    problems: tuple[Problem, ...] = ()
    for number, findings in enumerate(looks):
        problems = followed(problems, findings, now=NOON + number * step)
    return problems


def test_what_is_found_again_is_the_same_problem() -> None:
    problems = after([a_finding()], [a_finding()])

    assert [(one.began_at, one.seen_at, one.ended_at) for one in problems] == [(NOON, NOON + CALM, None)]


def test_what_is_not_found_for_a_while_has_ended() -> None:
    problems = after([a_finding()], [])

    assert [one.ended_at for one in problems] == [NOON + CALM]
    assert standing(problems) == ()


def test_what_comes_and_goes_is_one_problem() -> None:
    problems = after(*[[a_finding()], []] * 10, step=MINUTE)

    assert len(problems) == len(standing(problems)) == 1


def test_what_comes_again_after_its_end_is_another_problem() -> None:
    problems = after([a_finding()], [], [a_finding()])

    assert len({one.id for one in problems}) == 2
    assert len(standing(problems)) == 1


def test_of_what_nothing_is_known_goes_on() -> None:
    problems = followed(after([a_finding()]), [], unsure=[ProblemKind.DEAD_FEED], now=NOON + 9 * CALM)

    assert len(standing(problems)) == 1


def test_a_clock_that_was_set_ends_no_problem_early() -> None:
    back = followed(after([a_finding()]), [], now=NOON - MINUTE)

    assert len(standing(back)) == 1


def test_what_ended_long_ago_is_forgotten() -> None:
    problems = followed(after([a_finding()], []), [], now=NOON + CALM + KEPT + MINUTE)

    assert problems == ()


def test_of_many_that_ended_the_last_are_kept() -> None:
    looks = [finding for number in range(MOST + 5) for finding in ([a_finding(str(number))], [])]

    problems = after(*looks)

    assert len(problems) == MOST
    assert problems[-1].subject == str(MOST + 4)


def test_each_is_told_once_when_it_begins_and_once_when_it_ends() -> None:
    begun = after([a_finding()])
    heard = told(begun, untold(begun))
    ended = followed(heard, [], now=NOON + CALM)
    done = told(ended, untold(ended))

    assert [len(untold(one)) for one in (begun, heard, ended, done)] == [1, 0, 1, 0]


def test_what_ended_before_anybody_heard_of_it_is_told_to_nobody() -> None:
    assert untold(after([a_finding()], [])) == ()


def test_what_ends_while_its_notice_is_sent_is_told_again() -> None:
    begun = after([a_finding()])
    ended = followed(begun, [], now=NOON + CALM)

    assert len(untold(told(ended, begun))) == 1


@pytest.mark.parametrize("kind", [ProblemKind.LINE, ProblemKind.NOTICES])
def test_what_keeps_notices_from_being_sent_is_sent_to_nobody(kind: ProblemKind) -> None:
    assert untold(after([a_finding(kind=kind)])) == ()


@given(st.lists(st.sets(st.sampled_from("abc")), max_size=30), st.sampled_from([MINUTE, CALM]))
def test_whatever_comes_and_goes_every_notice_is_sent_once(looks: list[set[str]], step: timedelta) -> None:
    problems: tuple[Problem, ...] = ()
    sent: list[tuple[str, bool]] = []
    for number, subjects in enumerate(looks):
        problems = followed(problems, [a_finding(one) for one in subjects], now=NOON + number * step)
        sent += [(one.id, bool(one.ended_at)) for one in untold(problems)]
        problems = told(problems, untold(problems))

    assert len(sent) == len(set(sent))
    assert {name for name, ended in sent if ended} <= {name for name, ended in sent if not ended}
    assert len({one.subject for one in standing(problems)}) == len(standing(problems))


def test_a_notice_tells_all_that_is_new_in_one_message() -> None:
    problems = after([a_finding("1"), a_finding("2")], [a_finding("2"), a_finding("3")])

    said = notice(problems, BASE)

    assert said.title == "aggregator: 2 new problems, 1 mended problem"
    assert "Feed 2 is dead.\nTake it out <now>." in said.body
    assert "Mended: Feed 1 is dead." in said.body
    assert said.body.endswith(f"{BASE}problems.atom")


def test_a_notice_of_very_many_stays_short() -> None:
    said = notice(after([a_finding(str(number)) for number in range(SHOWN + 3)]), BASE)

    assert "And 3 more." in said.body
    assert said.body.count("is dead") == SHOWN


def test_the_feed_has_an_entry_for_the_beginning_and_another_for_the_end() -> None:
    begun = problem_feed(after([a_finding()]), BASE)
    ended = problem_feed(after([a_finding()], []), BASE)

    assert [item.title for item in ended.items] == ["Mended: Feed 1 is dead", "Feed 1 is dead"]
    assert begun.items == ended.items[1:]
    assert begun.items[0].content == "<p>Take it out &lt;now&gt;.</p>"
    assert begun.items[0].tags == ("dead_feed",)


def test_a_feed_without_problems_is_a_feed() -> None:
    assert problem_feed((), BASE).items == ()
