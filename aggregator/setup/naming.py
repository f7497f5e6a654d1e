"""Which feed of the config does a person mean, and which are new to it? By address, or by title. Pure."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.core.discovery import addresses
from aggregator.core.settings import FeedSettings
from aggregator.core.text import same_key
from aggregator.core.urls import canonical, feed_key, login_apart
from aggregator.errors import UnknownIdError


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that may be meant."""

    url: str
    """without its login"""
    titles: tuple[str, ...]
    place: int
    """where it, or the list that holds it, stands in the config"""
    in_list: bool = False


def address_keys(url: str) -> frozenset[str]:
    """Two addresses that share one of these can be taken for one feed's."""
    key = feed_key(url)
    return frozenset((key, canonical(url) or key))


def new_among(feeds: Iterable[FeedSettings], known: Iterable[FeedSettings]) -> tuple[FeedSettings, ...]:
    """Those that are not known, each once, however their addresses are spelled."""
    taken = {key for feed in known for key in address_keys(feed.url)}
    new = []
    for feed in feeds:
        if not taken & address_keys(feed.url):
            taken |= address_keys(feed.url)
            new.append(feed)
    return tuple(new)


def named(wanted: str, candidates: Sequence[Candidate]) -> Candidate:
    """The one that is meant; UnknownIdError where none is, or several are, with those that are near."""
    shown = login_apart(wanted)[0]
    for rule in (_by_address, _by_spelling, _by_title):
        found = [one for one in candidates if rule(wanted, one)]
        if len(found) == 1:
            return found[0]
        if found:
            urls = ", ".join(one.url for one in found)
            raise UnknownIdError("single feed", shown, f"name one of these by its address: {urls}")
    near = _nearest(shown, candidates)
    remedy = f"did you mean {near}?" if near else "`aggregator feeds` lists them"
    raise UnknownIdError("feed", shown, remedy)


def _by_address(wanted: str, one: Candidate) -> bool:
    return wanted == one.url


def _by_spelling(wanted: str, one: Candidate) -> bool:
    return any(address_keys(address) & address_keys(one.url) for address in addresses(wanted))


def _by_title(wanted: str, one: Candidate) -> bool:
    return same_key(wanted) in {same_key(title) for title in one.titles if title}


def _nearest(wanted: str, candidates: Iterable[Candidate]) -> str | None:
    names = {name.casefold(): name for one in candidates for name in (one.url, *one.titles) if name}
    near = difflib.get_close_matches(wanted.casefold(), names, n=1, cutoff=0.6)
    return names[near[0]] if near else None
