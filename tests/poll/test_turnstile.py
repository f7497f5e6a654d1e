"""Whose turn it is: slots, and each host's share of them."""

from aggregator.model import Feed
from aggregator.poll import Turnstile
from tests.builders import a_feed


def feeds_of(host: str, *ids: int) -> list[Feed]:
    return [a_feed(id=number, url=f"https://{host}/{number}") for number in ids]


def taken(turnstile: Turnstile) -> list[int]:
    ids = []
    while feed := turnstile.take():
        ids.append(feed.id)
    return ids


def test_no_more_feeds_are_under_way_than_there_are_slots() -> None:
    turnstile = Turnstile(slots=2, per_host=9)
    turnstile.add(feeds_of("a.example", 1, 2, 3))

    assert taken(turnstile) == [1, 2]


def test_a_host_with_many_feeds_leaves_slots_to_the_others() -> None:
    turnstile = Turnstile(slots=3, per_host=2)
    turnstile.add([*feeds_of("a.example", 1, 2, 3, 4), *feeds_of("b.example", 5)])

    assert sorted(taken(turnstile)) == [1, 2, 5]


def test_a_feed_that_ends_makes_room_for_the_next_of_its_host() -> None:
    turnstile = Turnstile(slots=9, per_host=1)
    first, *_ = feeds = feeds_of("a.example", 1, 2)
    turnstile.add(feeds)
    assert taken(turnstile) == [1]

    turnstile.done(first)

    assert taken(turnstile) == [2]


def test_a_feed_is_queued_once_however_often_it_is_added() -> None:
    turnstile = Turnstile(slots=9, per_host=9)
    feeds = feeds_of("a.example", 1)

    turnstile.add(feeds)
    turnstile.add(feeds)

    assert turnstile.ids == {1}
    assert taken(turnstile) == [1]
    assert turnstile.ids == {1}


def test_a_feed_that_ended_may_come_again() -> None:
    turnstile = Turnstile(slots=9, per_host=1)
    (feed,) = feeds_of("a.example", 1)
    turnstile.add([feed])
    taken(turnstile)
    turnstile.done(feed)

    turnstile.add([feed])

    assert taken(turnstile) == [1]


def test_feeds_added_to_a_host_at_its_limit_wait_for_it() -> None:
    turnstile = Turnstile(slots=9, per_host=2)
    first, second, third = feeds_of("a.example", 1, 2, 3)
    turnstile.add([first, second])
    assert taken(turnstile) == [1, 2]

    turnstile.add([third])
    assert taken(turnstile) == []
    turnstile.done(second)

    assert taken(turnstile) == [3]


def test_other_limits_count_who_is_under_way_and_forget_who_waits() -> None:
    turnstile = Turnstile(slots=9, per_host=3)
    feeds = feeds_of("a.example", 1, 2, 3, 4, 5)
    turnstile.add(feeds)
    assert taken(turnstile) == [1, 2, 3]

    turnstile.limit(slots=9, per_host=2)
    assert turnstile.ids == {1, 2, 3}
    turnstile.add(feeds)
    came = []
    for feed in feeds[:3]:
        turnstile.done(feed)
        came.append(taken(turnstile))

    assert came == [[], [4], [5]]


def test_fewer_slots_are_free_once_those_under_way_have_ended() -> None:
    turnstile = Turnstile(slots=2, per_host=1)
    one, two, _ = feeds = [feed for name in "abc" for feed in feeds_of(f"{name}.example", ord(name))]
    turnstile.add(feeds)
    taken(turnstile)

    turnstile.limit(slots=1, per_host=1)
    turnstile.add(feeds)
    turnstile.done(one)
    assert taken(turnstile) == []
    turnstile.done(two)

    assert taken(turnstile) == [ord("c")]
