"""Which feeds does `poll` mean? The due, the named or all, without breaking a promise to a server."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.app.parts import Parts, utc_now
from aggregator.core import schedule, urls
from aggregator.errors import UnknownIdError
from aggregator.model import Feed, FeedState

EVERY_DUE = 1_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """The feeds to poll, and a line for each that was asked for and has to be left alone."""

    feeds: tuple[Feed, ...]
    left_out: tuple[str, ...] = ()


async def choose(parts: Parts, named: Sequence[str], *, everything: bool) -> Choice:
    """The named feeds, or all, or those that are due; UnknownIdError for a URL that is not in the config.

    Named and all ignore the rhythm, but a server that asked us to wait, said "gone" or wants another log-in
    is left alone; naming a gone feed asks it again.
    """
    if named:
        return await _polite(parts, [_named(parts, url) for url in named], revive=True)
    if everything:
        return await _polite(parts, parts.feeds, revive=False)
    return Choice(await parts.store.due(utc_now(), EVERY_DUE, busy=()))


async def _polite(parts: Parts, feeds: Sequence[Feed], *, revive: bool) -> Choice:
    now, settings = utc_now(), parts.settings.poll
    waits = await parts.store.waits(now)
    refused = {feed.id: schedule.holds(feed, waits, settings, now=now) for feed in feeds}
    left_out = {
        feed.id: reason
        for feed in feeds
        if (reason := refused[feed.id]) and not (revive and feed.state is FeedState.GONE)
    }
    lines = tuple(f"left alone: {feed.url}: {left_out[feed.id]}" for feed in feeds if feed.id in left_out)
    return Choice(tuple(feed for feed in feeds if feed.id not in left_out), lines)


def _named(parts: Parts, url: str) -> Feed:
    pairs = zip(parts.settings.feeds, parts.feeds, strict=True)
    known = {address: feed for wishes, feed in pairs for address in (wishes.url, feed.url)}
    shown, _ = urls.login_apart(url)
    if shown in known:
        return known[shown]
    near = difflib.get_close_matches(shown, known, n=1, cutoff=0.8)
    remedy = f"did you mean {near[0]}?" if near else "`aggregator feeds` lists those of the config"
    raise UnknownIdError("feed", shown, remedy)
