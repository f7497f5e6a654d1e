"""A start, a reload, a wake-up after a week, a clock that was set: no burst, no feed early, none forgotten.

Looks over what is planned and says what has to change. Nothing is moved to an earlier time but a poll that
lies further away than any wait can be, and that of a feed whose own filters changed.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.core.schedule.polled import LONGEST_SKIP, backoff
from aggregator.core.schedule.rhythm import EVERY, OWN
from aggregator.core.schedule.spans import in_words
from aggregator.core.schedule.terms import Terms
from aggregator.core.schedule.unheard import LINE_DOWN
from aggregator.core.schedule.waits import GONE_RULE, REFUSED_RULE, RETRY_AFTER, wait_of
from aggregator.core.settings import PollSettings
from aggregator.core.urls import host_of
from aggregator.model import Feed, FeedState, Wait

FIRST = "first poll"
AGAIN = "begins again"
FILTERS = "its filters changed"
AT_ONCE = 3
"""as many overdue feeds as go without being spread"""
EACH = timedelta(seconds=1)
"""the longest pause between the first overdue feeds of two hosts: who begins with forty sees news at once"""
_LONG_SKIP = timedelta(hours=LONGEST_SKIP)


def settled(
    feeds: Sequence[Feed],
    waits: Sequence[Wait],
    terms_of: Callable[[int], Terms],
    settings: PollSettings,
    *,
    now: datetime,
    spread: bool,
) -> tuple[Feed, ...]:
    """The feeds whose next poll has to move, each with its new one.

    `feeds` are all that have one. Without `spread` what is overdue may go at once: for a round that a person
    started and waits for.
    """
    sound = [_within_bounds(_not_early(feed, terms_of(feed.id)), terms_of(feed.id), now) for feed in feeds]
    after = _held_back(sound, waits, settings, now)
    if spread:
        after = _spread(after, settings, now)
    return tuple(new for old, new in zip(feeds, after, strict=True) if new != old)


def begun(feed: Feed, *, access: str, now: datetime) -> Feed:
    """The feed as the config wants it: polled, unless its server has said what only a person can answer.

    Taking it out and putting it back, or pausing it for a while, does not revive a feed that is gone. One
    that wanted another log-in is asked again once its `access` has changed.
    """
    if feed.refused_access not in (None, access):
        feed = replace(feed, refused_access=None, failures=0)
    elif feed.state is not FeedState.PAUSED:
        return feed
    if feed.gone_at:
        return replace(feed, state=FeedState.GONE, next_poll_at=None, next_poll_rule=GONE_RULE)
    state = FeedState.FAILING if feed.last_error else FeedState.ACTIVE
    if feed.refused_access:
        return replace(feed, state=state, next_poll_at=None, next_poll_rule=REFUSED_RULE)
    return replace(
        feed, state=state, next_poll_at=now, next_poll_rule=AGAIN if feed.last_polled_at else FIRST
    )


def reread(feed: Feed, *, intake: str, now: datetime) -> Feed:
    """The feed, due soon if its own filters are others than its document was last read under.

    One whose last poll failed keeps its backoff: there is no document to be read.
    """
    if feed.read_under is None:
        return replace(feed, read_under=intake)
    if feed.read_under == intake or feed.state is not FeedState.ACTIVE or not feed.next_poll_at:
        return feed
    if feed.next_poll_at <= now:
        return feed
    return replace(feed, next_poll_at=now, next_poll_rule=FILTERS)


def overtaken(after: Feed, *, began: Feed, stored: Feed) -> Feed:
    """The feed after a poll during which the config changed: the config's word stays.

    `began` is the feed as the poll found it, `stored` as it stands now. At another address it begins anew, so
    nothing of the old one is kept.
    """
    if stored.url != began.url:
        return stored
    if stored.title != began.title:
        after = replace(after, title=stored.title)
    if stored.state is FeedState.PAUSED:
        rule = stored.next_poll_rule
        return replace(after, state=FeedState.PAUSED, next_poll_at=None, next_poll_rule=rule)
    return after


# -- one feed ---------------------------------------------------------------------------------------------


def _not_early(feed: Feed, terms: Terms) -> Feed:
    """A feed that begins again, or is to be read again, is not polled sooner than if it had gone on."""
    if feed.next_poll_rule not in (AGAIN, FILTERS) or not feed.last_polled_at or not feed.next_poll_at:
        return feed
    wait = backoff(feed.failures, terms) if feed.failures else terms.floor
    return replace(feed, next_poll_at=max(feed.next_poll_at, feed.last_polled_at + wait))


def _within_bounds(feed: Feed, terms: Terms, now: datetime) -> Feed:
    """A poll that lies further away than its rule allows: the clock went back, or the config has changed."""
    due, asked = feed.next_poll_at, feed.last_polled_at
    if due is None or due <= now + terms.settings.spread:
        return feed
    wait = _longest(feed, terms)
    if asked is None or feed.next_poll_rule.startswith(RETRY_AFTER):
        latest = now + wait
    elif asked > now:  # the clock went back: the same wait again, from now
        latest = now + min(wait, due - asked)
    else:
        latest = asked + wait
    return replace(feed, next_poll_at=max(latest, now)) if due > latest else feed


def _longest(feed: Feed, terms: Terms) -> timedelta:
    """The longest wait that the rule of the feed's next poll can lead to."""
    settings, rule = terms.settings, feed.next_poll_rule
    own = terms.every or (terms.start if rule.startswith(EVERY) else settings.max)
    if feed.last_polled_at is None or rule.startswith(LINE_DOWN):
        return settings.spread + settings.min
    if rule.startswith(RETRY_AFTER):
        return settings.retry_after_max * (1 + settings.jitter) + settings.spread
    wait = own if rule.startswith((EVERY, OWN)) else max(own, settings.hint_max, settings.backoff_max)
    skips = feed.hints.skip_hours or feed.hints.skip_days
    return wait * (1 + settings.jitter) + (_LONG_SKIP if skips else timedelta(0))


# -- feeds together ---------------------------------------------------------------------------------------


def _held_back(
    feeds: Sequence[Feed], waits: Sequence[Wait], settings: PollSettings, now: datetime
) -> list[Feed]:
    """No feed before the time that its server asked for, and not all of a host at that moment."""
    if not waits:
        return list(feeds)
    keeps = {feed.id: wait_of(feed, waits, settings, now=now) for feed in feeds}
    early = {
        feed.id: wait
        for feed in feeds
        if (wait := keeps[feed.id]) and feed.next_poll_at and feed.next_poll_at < wait.until
    }
    total, place = Counter(wait.whom for wait in early.values()), Counter[str]()
    after = []
    for feed in feeds:
        if wait := early.get(feed.id):
            at = wait.until + settings.spread * place[wait.whom] / total[wait.whom]
            place[wait.whom] += 1
            after.append(replace(feed, next_poll_at=at, next_poll_rule=wait.rule))
        else:
            after.append(feed)
    return after


def _spread(feeds: Sequence[Feed], settings: PollSettings, now: datetime) -> list[Feed]:
    overdue = [feed for feed in feeds if feed.next_poll_at and feed.next_poll_at <= now]
    if len(overdue) <= AT_ONCE or not settings.spread:
        return list(feeds)
    places = _places(overdue, settings.spread)
    rule = f"overdue: spread over {in_words(settings.spread)}"
    return [
        replace(
            feed,
            next_poll_at=now + places[feed.id],
            next_poll_rule=feed.next_poll_rule if feed.next_poll_rule in (FIRST, AGAIN, FILTERS) else rule,
        )
        if feed.id in places
        else feed
        for feed in feeds
    ]


def _places(overdue: Sequence[Feed], over: timedelta) -> dict[int, timedelta]:
    """After how long each goes: the first of each host soon, the others over the whole of the time."""
    hosts, step = {host_of(feed.url) for feed in overdue}, over / len(overdue)
    of_firsts = min(step, EACH)
    return {
        feed.id: place * (of_firsts if place < len(hosts) else step)
        for place, feed in enumerate(_mixed(overdue))
    }


def _mixed(feeds: Sequence[Feed]) -> list[Feed]:
    """The longest overdue first within each host, the first of each host before all others."""
    hosts: defaultdict[str, list[Feed]] = defaultdict(list)
    for feed in sorted(feeds, key=lambda feed: (feed.next_poll_at, feed.id)):
        hosts[host_of(feed.url)].append(feed)
    shares = [
        (place / len(own), order, feed)
        for order, own in enumerate(hosts.values())
        for place, feed in enumerate(own)
    ]
    return [feed for _, _, feed in sorted(shares, key=lambda share: share[:2])]
