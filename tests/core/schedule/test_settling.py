"""A start, a reload, a wake-up, a clock that was set: no burst, no feed early, none forgotten."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.core.schedule import FILTERS, Terms, begun, overtaken, reread, settled
from aggregator.core.settings import PollSettings
from aggregator.model import Feed, FeedState, Hints, Wait
from tests.builders import NOON, a_feed
from tests.core.schedule.clock import DAY, HOUR, MINUTE, SECOND, SETTINGS

HOST = "news.example.org:443"


def settle(
    *feeds: Feed,
    waits: tuple[Wait, ...] = (),
    terms: Terms | None = None,
    settings: PollSettings = SETTINGS,
    spread: bool = True,
) -> list[Feed]:
    """The feeds as they are planned afterwards, in the same order."""

    def terms_of(_: int) -> Terms:
        return terms or Terms(settings=settings)

    moved = settled(feeds, waits, terms_of, settings, now=NOON, spread=spread)
    after = {feed.id: feed for feed in moved}
    return [after.get(feed.id, feed) for feed in feeds]


def overdue(number: int, *, host: str = "news.example.org", since: timedelta = DAY, **changes: Any) -> Feed:
    """A feed whose time has come."""
    return a_feed(
        id=number,
        url=f"https://{host}/{number}",
        last_polled_at=NOON - 2 * DAY,
        next_poll_at=NOON - since,
        next_poll_rule="every 30 min",
        **changes,
    )


class TestSpread:
    def test_an_overdue_set_is_spread_and_says_so(self) -> None:
        after = settle(*(overdue(number, since=MINUTE * (9 - number)) for number in range(5)))

        assert [feed.next_poll_at for feed in after] == [NOON + MINUTE * number for number in range(5)]
        assert {feed.next_poll_rule for feed in after} == {"overdue: spread over 5 min"}

    def test_the_longest_overdue_goes_first(self) -> None:
        after = settle(*(overdue(number, since=MINUTE * (number + 1)) for number in range(5)))

        assert [feed.next_poll_at for feed in reversed(after)] == [NOON + MINUTE * n for n in range(5)]

    def test_a_host_with_many_feeds_is_spread_over_the_whole_of_the_time(self) -> None:
        many = [overdue(number, host="many.example", since=DAY) for number in range(50)]
        few = [overdue(number, host=f"h{number}.example", since=HOUR) for number in range(50, 60)]

        after = settle(*many, *few)

        of_many = [feed.next_poll_at for feed in after[:50] if feed.next_poll_at]
        assert max(of_many) - min(of_many) > 4 * MINUTE

    def test_a_thousand_feeds_start_over_minutes(self) -> None:
        after = settle(*(overdue(number, host=f"h{number}.example") for number in range(1_000)))

        times = sorted(feed.next_poll_at for feed in after if feed.next_poll_at)
        assert times[0] == NOON
        assert times[-1] > NOON + 4.9 * MINUTE
        assert sum(moment < NOON + SECOND for moment in times) <= 4

    def test_the_first_feed_of_each_host_goes_soon_and_the_others_take_their_time(self) -> None:
        alone = [overdue(number, host=f"h{number}.example") for number in range(4)]
        together = [overdue(number, host="many.example") for number in range(4, 10)]

        after = settle(*alone, *together)

        waits = [feed.next_poll_at - NOON for feed in after if feed.next_poll_at]
        assert waits[:5] == [SECOND * number for number in range(5)]
        assert waits[5:] == [MINUTE * number / 2 for number in range(5, 10)]

    def test_new_feeds_begin_spread_too_and_keep_their_rule(self) -> None:
        new = [a_feed(id=number, next_poll_at=NOON, next_poll_rule="first poll") for number in range(5)]

        after = settle(*new)

        assert [feed.next_poll_at for feed in after] == [NOON + MINUTE * number for number in range(5)]
        assert {feed.next_poll_rule for feed in after} == {"first poll"}

    @pytest.mark.parametrize(
        ("feeds", "options"),
        [
            (3, {}),
            (9, {"spread": False}),
            (9, {"settings": PollSettings(spread=timedelta(0))}),
        ],
        ids=["a few", "a round that a person waits for", "spread 0s"],
    )
    def test_some_sets_go_at_once(self, feeds: int, options: dict[str, Any]) -> None:
        before = [overdue(number) for number in range(feeds)]

        assert settle(*before, **options) == before

    def test_a_feed_that_is_not_due_stays_where_it_is(self) -> None:
        later = a_feed(
            id=99, last_polled_at=NOON, next_poll_at=NOON + 20 * MINUTE, next_poll_rule="every 30 min"
        )

        *_, after = settle(*(overdue(number) for number in range(9)), later)

        assert after == later

    def test_a_set_that_was_spread_is_not_put_off_by_another_start(self) -> None:
        feeds = [overdue(number) for number in range(10)]
        once = settle(*feeds)

        assert settle(*once[1:]) == once[1:]


def planned(rule: str, due: timedelta, asked: timedelta | None = -MINUTE, **changes: Any) -> Feed:
    """A feed that is due, and was asked, so far from now."""
    last = None if asked is None else NOON + asked
    return a_feed(last_polled_at=last, next_poll_at=NOON + due, next_poll_rule=rule, **changes)


SKIPS = Hints(skip_days=frozenset({1, 2, 3}))


@pytest.mark.parametrize(
    ("feed", "terms", "due"),
    [
        (planned("every 30 min", 29 * MINUTE), {}, 29 * MINUTE),
        (planned("every 30 min", 365 * DAY, 365 * DAY - 30 * MINUTE), {}, 30 * MINUTE),
        (planned("every 30 min", HOUR, 30 * MINUTE), {}, 30 * MINUTE),
        (planned("backoff after 9 failures: 1 d", 365 * DAY), {}, DAY - MINUTE),
        (planned("its own rhythm: no news", 365 * DAY), {}, DAY - MINUTE),
        (planned("every 30 min, then past its skipHours", 3 * DAY, hints=SKIPS), {}, 3 * DAY),
        (planned("every 1 d", DAY - MINUTE), {"every": 10 * MINUTE}, 9 * MINUTE),
        (planned("its own rhythm: no news", 20 * HOUR, -2 * HOUR), {"every": HOUR}, timedelta(0)),
        (planned("the feed's ttl: 1 d", 23 * HOUR), {"every": HOUR}, 23 * HOUR),
        (planned("Retry-After: 7 d", 7 * DAY - MINUTE), {}, 7 * DAY - MINUTE),
        (planned("Retry-After: 7 d", 365 * DAY), {}, 7 * DAY + 5 * MINUTE),
        (planned("Retry-After of x: 7 d", 6 * DAY, -2 * DAY), {}, 6 * DAY),
        (planned("first poll", 365 * DAY, None), {}, 15 * MINUTE),
        (planned("our own line is down: again in 1 min", 365 * DAY), {}, 14 * MINUTE),
        (planned("every 2 d", 47 * HOUR, -HOUR), {"every": 2 * DAY}, 47 * HOUR),
    ],
    ids=[
        "a plan within its rule stays",
        "after a clock that was a year ahead the same wait begins again",
        "and after one that was an hour ahead",
        "a backoff is no longer than backoff_max",
        "a rhythm is no longer than max",
        "skipped days are waited for",
        "a shorter every counts at once, from the last poll",
        "and never in the past",
        "what the server asked for stays",
        "the longest Retry-After stays",
        "a longer one is held to retry_after_max",
        "a host's wait counts from when it was asked for, not from the last poll",
        "a first poll is no further away than the spread",
        "nor one after our line was down",
        "a feed's own every may be longer than max",
    ],
)
def test_no_poll_is_further_away_than_its_rule_allows(
    feed: Feed, terms: dict[str, Any], due: timedelta
) -> None:
    (after,) = settle(feed, terms=Terms(settings=SETTINGS, **terms))

    assert after.next_poll_at == NOON + due


class TestBeginning:
    REST = a_feed(state=FeedState.PAUSED, next_poll_rule="paused in the config")

    def test_a_new_feed_is_due_at_once(self) -> None:
        feed = begun(self.REST, access="", now=NOON)

        assert (feed.state, feed.next_poll_at, feed.next_poll_rule) == (FeedState.ACTIVE, NOON, "first poll")

    def test_one_that_is_polled_already_is_left_as_it_is(self) -> None:
        feed = overdue(1)

        assert begun(feed, access="", now=NOON) is feed

    @pytest.mark.parametrize(
        ("changes", "wait"),
        [
            ({"last_polled_at": NOON - MINUTE}, 9 * MINUTE),
            ({"last_polled_at": NOON - DAY}, timedelta(0)),
            ({"last_polled_at": NOON - MINUTE, "failures": 3, "last_error": "x"}, 2 * HOUR - MINUTE),
        ],
        ids=["min holds", "or is over", "backoff holds"],
    )
    def test_a_pause_does_not_bring_a_poll_forward(self, changes: dict[str, Any], wait: timedelta) -> None:
        back = begun(replace(self.REST, **changes), access="", now=NOON)

        (feed,) = settle(back)

        assert (feed.next_poll_at, feed.next_poll_rule) == (NOON + wait, "begins again")
        assert feed.state is (FeedState.FAILING if feed.last_error else FeedState.ACTIVE)

    def test_a_gone_feed_stays_gone_after_a_pause(self) -> None:
        feed = begun(replace(self.REST, gone_at=NOON - DAY, failures=1), access="", now=NOON)

        assert (feed.state, feed.next_poll_at) == (FeedState.GONE, None)
        assert feed.next_poll_rule == "gone (410): not polled until it is named"

    @pytest.mark.parametrize("state", [FeedState.PAUSED, FeedState.FAILING])
    def test_a_feed_that_wants_a_log_in_waits_while_its_access_is_the_same(self, state: FeedState) -> None:
        refused = a_feed(state=state, refused_access="c0de", last_error="HTTP 401", failures=1)

        feed = begun(refused, access="c0de", now=NOON)

        assert (feed.state, feed.next_poll_at, feed.refused_access) == (FeedState.FAILING, None, "c0de")

    def test_and_is_asked_again_once_it_has_changed(self) -> None:
        refused = a_feed(
            state=FeedState.FAILING,
            refused_access="c0de",
            last_error="HTTP 401",
            failures=5,
            last_polled_at=NOON - 4 * MINUTE,
        )

        (feed,) = settle(begun(refused, access="beef", now=NOON))

        assert (feed.state, feed.refused_access, feed.failures) == (FeedState.FAILING, None, 0)
        assert feed.next_poll_at == NOON + 6 * MINUTE


class TestWaits:
    def after(self, *feeds: Feed, until: datetime = NOON + HOUR) -> list[Feed]:
        return settle(*feeds, waits=(Wait(HOST, until, "Retry-After of x: 1 h"),))

    def test_no_feed_of_a_host_comes_before_its_time_and_not_all_at_once(self) -> None:
        after = self.after(*(overdue(number) for number in range(5)))

        assert [feed.next_poll_at for feed in after] == [NOON + HOUR + MINUTE * n for n in range(5)]
        assert {feed.next_poll_rule for feed in after} == {"Retry-After of x: 1 h"}

    def test_one_that_comes_later_anyway_stays(self) -> None:
        later = planned("its own rhythm: x", 2 * HOUR)

        assert self.after(later) == [later]

    def test_other_hosts_do_not_wait(self) -> None:
        other = overdue(1, host="other.example")

        assert self.after(other) == [other]


class TestOvertaken:
    """A poll during which the config changed."""

    BEGAN = a_feed(title="Old name", next_poll_at=NOON)
    AFTER = replace(
        BEGAN, state=FeedState.FAILING, failures=1, next_poll_at=NOON + HOUR, next_poll_rule="later"
    )

    def test_where_the_config_is_as_it_was_the_poll_counts(self) -> None:
        assert overtaken(self.AFTER, began=self.BEGAN, stored=self.BEGAN) == self.AFTER

    def test_a_feed_that_was_paused_meanwhile_stays_paused_and_knows_of_its_failure(self) -> None:
        paused = replace(self.BEGAN, state=FeedState.PAUSED, next_poll_at=None, next_poll_rule="not wanted")

        after = overtaken(self.AFTER, began=self.BEGAN, stored=paused)

        assert after == replace(paused, failures=1)

    def test_a_feed_that_was_renamed_meanwhile_keeps_its_new_name(self) -> None:
        renamed = replace(self.BEGAN, title="New name")

        after = overtaken(self.AFTER, began=self.BEGAN, stored=renamed)

        assert after == replace(self.AFTER, title="New name")

    def test_a_feed_that_got_another_address_meanwhile_begins_anew_there(self) -> None:
        moved = replace(self.BEGAN, url="https://elsewhere.example/", next_poll_at=NOON)

        assert overtaken(self.AFTER, began=self.BEGAN, stored=moved) == moved


class TestFilters:
    """Feeds whose own filters are others than their document was last read under."""

    READ = a_feed(
        read_under="old", last_polled_at=NOON - DAY, next_poll_at=NOON + DAY, next_poll_rule="later"
    )

    def test_a_feed_of_which_it_is_not_known_counts_as_read_under_these(self) -> None:
        feed = replace(self.READ, read_under=None)

        assert reread(feed, intake="new", now=NOON) == replace(feed, read_under="new")

    def test_a_feed_with_other_filters_is_due(self) -> None:
        feed = reread(self.READ, intake="new", now=NOON)

        assert feed == replace(self.READ, next_poll_at=NOON, next_poll_rule=FILTERS)

    @pytest.mark.parametrize(
        "changes",
        [
            {"read_under": "new"},
            {"state": FeedState.FAILING},
            {"state": FeedState.GONE, "next_poll_at": None},
            {"next_poll_at": None},
            {"next_poll_at": NOON - HOUR},
        ],
        ids=["read under these", "failing", "gone", "not to be asked", "due already"],
    )
    def test_any_other_stays_as_it_is(self, changes: dict[str, Any]) -> None:
        feed = replace(self.READ, **changes)

        assert reread(feed, intake="new", now=NOON) == feed

    def test_what_its_server_asked_for_holds_all_the_same(self) -> None:
        wait = Wait(HOST, NOON + HOUR, "Retry-After: 1 h")

        (feed,) = settle(reread(self.READ, intake="new", now=NOON), waits=(wait,))

        assert (feed.next_poll_at, feed.next_poll_rule) == (NOON + HOUR, "Retry-After: 1 h")

    def test_many_of_them_are_no_burst(self) -> None:
        many = [replace(self.READ, id=number, url=f"https://{number}.example/") for number in range(5)]

        after = settle(*(reread(feed, intake="new", now=NOON) for feed in many))

        assert [feed.next_poll_at for feed in after] == [NOON + SECOND * number for number in range(5)]
        assert {feed.next_poll_rule for feed in after} == {FILTERS}
