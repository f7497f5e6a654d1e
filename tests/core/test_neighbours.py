"""Which earlier entries share rare words."""

import gc
from datetime import timedelta
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.gist import Gist, terms
from aggregator.core.neighbours import HEARSAY, RING, Neighbours
from tests.builders import NOON

LONG_AGO = NOON - timedelta(days=99)


def title(text: str) -> Gist:
    return Gist(terms(text))


def found(index: Neighbours, text: str, many: int = 9, since: timedelta = timedelta(days=99)) -> list[int]:
    near = index.near(terms(text), rare=8, many=many, since=NOON - since)
    return [one.entry for one in near]


def test_entries_that_share_most_of_the_rare_words_come_first() -> None:
    index = Neighbours()
    for number, text in enumerate(("dam bursts in valley", "dam opens", "vote in town", "vote in city"), 1):
        index.add(number, number, NOON, title(text).packed())

    assert found(index, "valley dam bursts") == [1, 2]
    assert found(index, "valley dam bursts", many=1) == [1]
    assert found(index, "football") == []
    assert len(index) == 4


def test_a_neighbour_is_whole() -> None:
    index = Neighbours()
    index.add(7, 7, NOON, title("dam").packed(), b"meaning")

    (one,) = index.near(terms("dam"), rare=1, many=1, since=NOON)

    assert (one.entry, one.event, one.at, one.gist, one.meaning) == (7, 7, NOON, title("dam"), b"meaning")


def test_who_shares_too_little_is_no_neighbour() -> None:
    index = Neighbours()
    for number, text in enumerate(("dam bursts in valley", "dam opens"), 1):
        index.add(number, number, NOON, title(text).packed())

    near = index.near(terms("valley dam bursts"), rare=8, many=9, since=NOON, least=2)

    assert [one.entry for one in near] == [1]


WORDS = ("dam", "valley", "flood", "rain", "vote")
TELLINGS = st.lists(
    st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.booleans()),
    min_size=1,
    max_size=60,
)


@given(tellings=TELLINGS, cut=st.integers(0, 60))
def test_many_at_once_are_remembered_as_one_by_one(tellings: list[tuple[list[str], bool]], cut: int) -> None:
    rows, event = [], 1
    for number, (said, begins) in enumerate(tellings, 1):
        event = number if begins or number == 1 else event
        again = event != number and number % 2 == 0
        rows.append((number, event, NOON.timestamp(), title(" ".join(said)).packed(), b"", again))
    single, many = Neighbours(), Neighbours()

    for entry, told, _, gist, _, again in rows:
        single.add(entry, told, NOON, gist, again=again)
    many.add_all(rows[:cut])
    many.add_all(rows[cut:])

    for text in WORDS:
        (term,) = terms(text)
        assert single.weights([term]) == many.weights([term])
        assert single.story_rarity(term) == many.story_rarity(term)
        assert found(single, text, many=99) == found(many, text, many=99)


@pytest.mark.parametrize("is_on", [True, False])
def test_garbage_is_collected_afterwards_as_before(is_on: bool) -> None:
    if not is_on:
        gc.disable()
    try:
        Neighbours().add_all([(1, 1, 0.0, title("dam").packed(), b"", False)])

        assert gc.isenabled() is is_on
    finally:
        gc.enable()


def test_an_event_that_is_forgotten_counts_for_nothing() -> None:
    index = Neighbours()
    for number in range(1, 4):
        index.add(number, 1, LONG_AGO, title("dam").packed())
    for number in range(4, 20):
        index.add(number, number, NOON, title("dam").packed())
    index.forget(NOON - timedelta(days=14))

    index.add(20, 1, NOON, title("dam").packed())

    assert found(index, "dam", many=99) == list(range(20, 3, -1))


def test_a_word_is_as_rare_as_the_events_that_use_it_are_few() -> None:
    flooded, quiet = Neighbours(), Neighbours()
    for number in range(1, 40):
        flooded.add(number, 1, NOON, title("dam").packed())
        quiet.add(number, number, NOON, title("dam").packed())
    for index in (flooded, quiet):
        for number in range(40, 60):
            index.add(number, number, NOON, title(f"word{number}").packed())

    dam = terms("dam")[0]
    assert flooded.weights([dam])[dam] > quiet.weights([dam])[dam] > 0
    (never,) = terms("never")
    assert flooded.weights([never])[never] > flooded.weights([dam])[dam]


def test_a_word_remembers_only_its_latest_entries() -> None:
    index = Neighbours()
    for number in range(1, 3 * RING):
        index.add(number, number, NOON, title("dam").packed())

    assert found(index, "dam", many=10 * RING) == list(range(3 * RING - 1, 2 * RING - 1, -1))


def test_a_clock_that_went_back_changes_no_order() -> None:
    index = Neighbours()
    index.add(1, 1, NOON, title("dam").packed())
    index.add(2, 2, LONG_AGO, title("dam").packed())

    near = index.near(terms("dam"), rare=1, many=9, since=NOON)

    assert [one.at for one in near] == [NOON, NOON]


def test_what_came_before_the_window_is_no_neighbour() -> None:
    index = Neighbours()
    index.add(1, 1, NOON - timedelta(days=20), title("dam").packed())
    index.add(2, 2, NOON, title("dam").packed())

    assert found(index, "dam", since=timedelta(days=14)) == [2]


def test_forgetting_frees_the_old_and_keeps_the_new() -> None:
    index = Neighbours()
    index.add(1, 1, LONG_AGO, title("flood valley").packed())
    index.add(2, 1, LONG_AGO, title("flood dam").packed())
    index.add(3, 3, NOON, title("dam bursts").packed())

    index.forget(NOON - timedelta(days=14))

    assert len(index) == 1
    assert found(index, "flood dam valley") == [3]
    index.add(4, 1, NOON, title("flood dam").packed())
    assert found(index, "flood dam") == [4, 3]


def test_a_few_old_entries_are_not_worth_tidying_for() -> None:
    index = Neighbours()
    index.add(1, 1, LONG_AGO, title("dam").packed())
    for number in range(2, 20):
        index.add(number, number, NOON, title("dam").packed())

    index.forget(NOON - timedelta(days=14))
    index.forget(LONG_AGO)

    assert len(index) == 19


def test_the_words_of_an_event_stay_rare_for_events_and_become_common_for_stories() -> None:
    index, (word,) = Neighbours(), terms("dam")
    index.add(1, 1, NOON, Gist((word,)).packed())
    alone = sqrt(index.weights([word])[word]), index.story_rarity(word)

    index.add(2, 1, NOON, Gist((word,)).packed())  # a story of the event
    index.add(3, 1, NOON, Gist((word,)).packed(), again=True)  # and its copy
    together = sqrt(index.weights([word])[word]), index.story_rarity(word)

    assert together[0] == alone[0] == pytest.approx(alone[1])
    assert together[1] == pytest.approx(log((2 + HEARSAY) / 3))


def test_the_event_of_an_entry_is_known_while_it_is_held() -> None:
    index = Neighbours()
    for number, event in ((3, 3), (5, 3), (9, 9)):
        index.add(number, event, NOON, Gist(terms("dam")).packed())

    assert index.event_of([9, 5, 4]) == 3
    assert index.event_of([4, 10]) is None


def test_events_that_were_united_are_one() -> None:
    index = Neighbours()
    for entry, event, text in ((1, 1, "dam bursts"), (2, 2, "valley flooded"), (3, 2, "valley drowned")):
        index.add(entry, event, NOON, title(text).packed())

    index.unite(2, 1)
    index.add(4, 2, NOON, title("valley rebuilt").packed())

    assert {one.event for one in index.near(terms("valley"), rare=1, many=9, since=NOON)} == {1}
    assert index.event_of([3]) == 1
    assert sorted(index.entries_of(1)) == [1, 2, 3, 4]


def test_an_event_keeps_the_entries_that_are_not_forgotten() -> None:
    index = Neighbours()
    for day, (entry, event) in enumerate(((1, 1), (2, 1), (3, 3), (4, 3), (5, 5), (6, 5))):
        index.add(entry, event, NOON + timedelta(days=day), title(f"dam {day}").packed())
    index.unite(3, 1)
    index.unite(1, 5)

    index.forget(NOON + timedelta(days=3))

    assert sorted(index.entries_of(5)) == [4, 5, 6]
    assert index.event_of([4]) == 5


def test_an_event_goes_with_its_last_entry() -> None:
    index = Neighbours()
    for day, (entry, event) in enumerate(((1, 1), (2, 1), (3, 3))):
        index.add(entry, event, NOON + timedelta(days=day), title(f"dam {day}").packed())

    index.forget(NOON + timedelta(days=2))
    assert list(index.entries_of(1)) == [1]

    index.forget(NOON + timedelta(days=9))
    assert len(index) == 0


def read_again(index: Neighbours) -> Neighbours:
    """What another process makes of the entries that this one holds."""
    again = Neighbours()
    held = zip(index._entries, map(index._whole, index._events), index._times, index._gists, strict=True)
    again.add_all((entry, event, at, gist, b"", False) for entry, event, at, gist in held)
    return again


def test_of_an_event_whose_first_entry_was_forgotten_only_those_are_told_that_are_held() -> None:
    index = Neighbours()
    for number in (1, 2, 3):
        index.add(number, 1, NOON + number * timedelta(days=1), title("dam").packed())

    index.forget(NOON + timedelta(days=2))

    assert [list(one.entries_of(1)) for one in (index, read_again(index))] == [[2, 3], [2, 3]]
    index.add(4, 1, NOON + timedelta(days=4), title("dam").packed())
    assert list(index.entries_of(1)) == [2, 3, 4]


def test_what_is_united_with_a_later_event_is_told_in_the_order_it_came() -> None:
    index = Neighbours()
    for number, event in enumerate((1, 1, 3, 3), 1):
        index.add(number, event, NOON, title("dam").packed())

    index.unite(1, 3)

    assert [list(one.entries_of(3)) for one in (index, read_again(index))] == [[1, 2, 3, 4]] * 2


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=20),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=3),
    st.integers(0, 20),
)
def test_another_process_knows_the_same_entries_of_every_event(
    told: list[int], ties: list[tuple[int, int]], days: int
) -> None:
    index = Neighbours()
    firsts: dict[int, int] = {}
    for number, event in enumerate(told, 1):
        first = firsts.setdefault(event, number)
        index.add(number, first, NOON + number * timedelta(days=1), title("dam").packed())
    for part, into in ties:
        one, other = (index.event_of([firsts.get(event, 1)]) for event in (part, into))
        if one and other and one != other:
            index.unite(one, other)

    index.forget(NOON + days * timedelta(days=1))

    again = read_again(index)
    events = {index._event(place) for place in range(len(index))}
    assert {event: list(index.entries_of(event)) for event in events} == {
        event: list(again.entries_of(event)) for event in events
    }
