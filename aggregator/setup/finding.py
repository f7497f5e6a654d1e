"""Which feed is behind an address? Asks the site for what core/discovery.py names, and believes what parses.

Never writes. A site is asked for few things, one after the other, through the fetcher that keeps our
distance; one that does not answer, or asks to be left alone, is not asked again.

To look in another place: core/discovery.py.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from aggregator.core import discovery
from aggregator.core.schedule import in_words
from aggregator.core.urls import host_of, login_apart, shares_secrets
from aggregator.errors import ListError, NoFeedError, ParseError
from aggregator.model import Answer, Body, ParsedFeed, Request

MAX_POINTED_TO = 8  # feeds of one page that are looked at; some name hundreds


class Fetches(Protocol):
    """Makes one GET; what the network does is a value, never an exception."""

    async def get(self, request: Request) -> Answer:
        """What came of the request."""
        ...


class Parses(Protocol):
    """Reads a feed document, somewhere it can do no harm."""

    async def parse(self, body: Body, url: str, content_type: str | None) -> ParsedFeed:
        """The document's entries; ParseError, with the feeds it points to, where it is a page."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that is there, and what it says. `auth` is the login that was typed, where it belongs there."""

    url: str
    parsed: ParsedFeed
    auth: str | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address turned out to be. `url` is where redirects led, `reason` why it is no feed."""

    address: str
    url: str
    answered: bool
    found: Found | None = None
    feeds: tuple[str, ...] = ()
    reason: str = ""
    is_list: bool = False


async def find_feeds(
    typed: str, fetcher: Fetches, parser: Parses, *, tell: Callable[[str], None] = lambda _: None
) -> tuple[Found, ...]:
    """The feeds behind what a person typed, the best first; NoFeedError where none is found.

    An address that is a feed is the only answer. `tell` hears each address that is asked.
    """
    search = _Search(typed, fetcher, parser, tell)
    page = await search.first()
    if page.found:
        return (page.found,)
    if page.is_list:  # and not the feed that its site may have elsewhere
        raise NoFeedError(search.typed, page.reason)
    known = [feed for url in (page.address, page.url) for feed in discovery.site_feeds(url)]
    found = await search.all(known) or await search.all(page.feeds[:MAX_POINTED_TO])
    if not found and (likely := await search.any(discovery.likely_feeds(page.url))):
        found = [likely]
    if not found:
        raise NoFeedError(search.typed, page.reason)
    return tuple(sorted(found, key=lambda one: not one.parsed.entries))


class _Search:
    """One search: what was asked already is not asked again."""

    def __init__(self, typed: str, fetcher: Fetches, parser: Parses, tell: Callable[[str], None]) -> None:
        self.typed = _shown(typed)
        self._typed = typed
        self._home = ""
        self._auth: str | None = None
        self._fetcher = fetcher
        self._parser = parser
        self._tell = tell
        self._asked: set[str] = set()

    async def first(self) -> _Asked:
        """What the typed address is: the first way to read it that a server answers."""
        reason = "this is no web address; it begins with https:// or http://"
        for address in discovery.addresses(self._typed):
            self._home, self._auth = login_apart(address)
            asked = await self._ask(self._home)
            if asked.answered:
                return asked
            reason = asked.reason
        raise NoFeedError(self.typed, reason)

    async def all(self, candidates: Iterable[str]) -> list[Found]:
        """Those that are feeds, each once."""
        found: dict[str, Found] = {}
        for url in candidates:
            if url not in self._asked and (one := (await self._ask(url)).found):
                found.setdefault(one.url, one)
        return list(found.values())

    async def any(self, candidates: Iterable[str]) -> Found | None:
        """The first that is a feed."""
        for url in candidates:
            if url not in self._asked and (one := (await self._ask(url)).found):
                return one
        return None

    async def _ask(self, url: str) -> _Asked:
        self._asked.add(url)
        self._tell(url)
        request = Request(url=url, home=self._home, auth=self._auth)
        with await self._fetcher.get(request) as answer:
            if answer.retry_after:
                raise NoFeedError(self.typed, _asks_to_wait(answer.url, answer.retry_after))
            if answer.body is None:
                return _Asked(url, answer.url, answer.status is not None, reason=answer.error or "")
            try:
                parsed = await self._parser.parse(answer.body, answer.url, answer.content_type)
            except ParseError as error:
                is_list = isinstance(error, ListError)
                return _Asked(
                    url, answer.url, answered=True, feeds=error.feeds, reason=error.reason, is_list=is_list
                )
        return _Asked(url, answer.url, answered=True, found=self._found(answer.moved_to or url, parsed))

    def _found(self, url: str, parsed: ParsedFeed) -> Found:
        return Found(url, parsed, self._auth if shares_secrets(self._home, url) else None)


def _shown(typed: str) -> str:
    scheme = "" if "://" in typed else "https://"
    return login_apart(scheme + typed)[0].removeprefix(scheme)


def _asks_to_wait(url: str, wait: timedelta) -> str:
    return f"{host_of(url).partition(':')[0]} asks to be left alone for {in_words(wait)}; try later"
