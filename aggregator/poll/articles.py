"""Full text: the pages of a poll's articles, fetched one after another before anything is stored.

A good guest: the same client as for feeds, with its pause between two requests to a host, and a host that
refuses or does not answer is left alone for the rest of the poll. Never loses news and never holds it up
beyond `patience`: an entry whose page was not to be had goes in as its feed tells it, with a word why.

To change which pages are worth it, or what of them is taken: core/full_text.py.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Protocol

from aggregator.core import full_text
from aggregator.core.full_text import Pages, Want
from aggregator.core.text import counted
from aggregator.core.urls import host_of
from aggregator.errors import ParseError
from aggregator.model import Answer, Article, Body, ParsedEntry, ParsedFeed, Request, Validators

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
MAX_REASONS = 5
REFUSING = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


class Fetches(Protocol):
    """Makes one GET; what the network does is a value, never an exception."""

    async def get(self, request: Request) -> Answer:
        """What came of the request."""
        ...


class Extracts(Protocol):
    """Reads an article's page, somewhere it can do no harm."""

    async def extract(self, body: Body, url: str, content_type: str | None) -> Article:
        """The page's article; ParseError where it is no page or took too much."""
        ...


@dataclass(slots=True, kw_only=True)
class Articles:
    """The pages of one poll. `request` is that for the feed, whose ways they are asked for in."""

    fetcher: Fetches
    parser: Extracts
    request: Request
    patience: timedelta
    closed: set[str] = field(default_factory=set)
    """hosts that are left alone, as they asked for it before, or refused in this poll"""
    refusals: list[Answer] = field(default_factory=list)
    """what those of this poll said"""
    _texts: dict[ParsedEntry, ParsedEntry] = field(default_factory=dict)
    _missing: Counter[str] = field(default_factory=Counter)

    async def into(self, parsed: ParsedFeed, pages: Pages) -> ParsedFeed:
        """The document with the articles' texts; what is missing stands first among its problems."""
        waiting = list(reversed(pages.asked))
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                while waiting:
                    self._tell(waiting[-1], *await self._read(waiting[-1].said.url or ""))
                    waiting.pop()
        except TimeoutError:
            for want in waiting:
                self._tell(want, None, f"the {self.patience.total_seconds():g} s for pages were over")
        for want in pages.left:
            self._tell(want, None, f"only {full_text.MAX_PAGES} pages are asked for in one poll")
        return replace(
            parsed,
            entries=tuple(self._texts.get(one, one) for one in parsed.entries),
            problems=(*self._problems(), *parsed.problems),
        )

    def _tell(self, want: Want, article: Article | None, why: str) -> None:
        told = full_text.told(want, article)
        self._texts[want.said] = told
        if article is None or told is want.said:
            self._missing[why] += 1

    def _problems(self) -> tuple[str, ...]:
        """One line, however many pages failed: the document's own problems are to be seen beside it."""
        if not self._missing:
            return ()
        reasons = ", ".join(f"{many} × {why}" for why, many in self._missing.most_common(MAX_REASONS))
        return (f"{counted(self._missing.total(), 'entry')} without full text: {reasons}",)

    async def _read(self, url: str) -> tuple[Article | None, str]:
        """What the page holds, and why it may not count."""
        host = host_of(url)
        if host in self.closed:
            return None, f"{host} is left alone after a refusal"
        with await self.fetcher.get(self._asking(url)) as answer:
            if answer.body is None:
                if answer.status is None or answer.status in REFUSING or answer.retry_after:
                    self.closed.add(host)
                    self.refusals.append(answer)
                return None, answer.error or "no answer"
            try:
                article = await self.parser.extract(answer.body, answer.url, answer.content_type)
            except ParseError as error:
                return None, error.reason
        return article, "the page has no more of the article than the feed"

    def _asking(self, url: str) -> Request:
        """As the feed is asked for; its own headers and login stay at its origin: they may hold a key."""
        headers = self.request.headers
        return replace(
            self.request,
            url=url,
            validators=Validators(),
            validators_url=None,
            home=self.request.home or self.request.url,
            headers={name: value for name, value in headers.items() if name.lower() != "accept"},
            accept=ACCEPT,
        )
