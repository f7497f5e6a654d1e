"""The addresses: published outputs straight from memory, and the pages about them.

An output's request never waits for the store or for a page being made: `PublishedOutputs` answers before
the router is asked, and mostly before the app is (quick.py). Pages are made in a few threads, because they
may ask the store; when those stay busy the answer is 503. Nothing here changes anything: GET and HEAD are all
there is, but for the callbacks of hubs.

To add a page: a method in pages.py, a template, a route here.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aggregator.errors import AddressTooLongError, AggregatorError, FilterError, SearchTooLongError
from aggregator.model import Health
from aggregator.web.assets import ICON, LIVE_SCRIPT, SEARCH_SCRIPT, rendered, rendered_page
from aggregator.web.bounded import LONGEST_ADDRESS
from aggregator.web.callbacks import Callbacks, callback_route
from aggregator.web.gate import Gate
from aggregator.web.live import Live, live_route
from aggregator.web.outputs import PublishedOutputs, answer, only_get, output_cache
from aggregator.web.pages import Pages
from aggregator.web.policy import SCRIPTED, SHOWN_ELSEWHERE
from aggregator.web.searching import FEEDS, LAST_PAGE
from aggregator.web.site import Site
from aggregator.web.wording import root_of

T = TypeVar("T")

ARCHIVE_CACHE = "max-age=86400"  # a page that grows has another name
PAGE_CACHE = "no-cache"  # pages tell how things stand now
ICON_CACHE = "max-age=86400"
METRICS = "text/plain; version=0.0.4; charset=utf-8"
OPML = "text/x-opml; charset=utf-8"
_AT_ONCE = 4  # pages being made at the same time
_SEARCHES_AT_ONCE = 2  # beside them, so that slow searches hold up no other page
_PATIENCE_SECONDS = 5.0  # until one of them must be free
_ID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_TOO_LONG = AddressTooLongError(LONGEST_ADDRESS)
_TAG_ADDRESS = re.compile(r"(.+)\.(atom|rss|json|html)")


def create_app(
    site: Site,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    patience_seconds: float = _PATIENCE_SECONDS,
    callbacks: Callbacks | None = None,
    live: Live | None = None,
) -> Gate:
    """The whole website of this aggregator, as an ASGI app; with `callbacks` hubs can reach it, too.

    Whoever changes what is published tells `live` of it, and closes it before the server.
    """
    desk = _Desk(Pages(site, now), patience_seconds)
    app = Starlette(
        routes=[
            Route("/", desk.index),
            Route("/feeds", desk.feeds),
            Route("/stats", desk.stats),
            Route("/stories/{story_id}", desk.story),
            Route("/events/{event_id}", desk.event),
            Route("/search", desk.search),
            Route("/search.js", desk.search_script),
            Route("/search.{suffix:str}", desk.search_feed),
            Route("/live.js", desk.live_script),
            live_route(live or Live(), site),
            Route("/healthz", desk.healthz),
            Route("/metrics", desk.metrics),
            Route("/problems.atom", desk.problems),
            Route("/feeds.opml", desk.opml),
            Route("/favicon.ico", desk.favicon),
            Route("/{path:path}.archive-{page}.{suffix}", desk.archive),
            Route("/tag/{address:path}", desk.tag),
            *([callback_route(callbacks)] if callbacks else []),
        ],
        exception_handlers={HTTPException: desk.refused, AggregatorError: desk.failed},
    )
    # A redirect would name our own scheme and path, wrong behind a proxy; the 404 page suggests the address.
    app.router.redirect_slashes = False
    return Gate(PublishedOutputs(app, site), site)


def _root(request: Request) -> str:
    """The way back to the front page. Of the path as it was asked: `%2F` is no step for a browser."""
    return root_of(request.scope["raw_path"].decode("latin-1"))


def _id(text: str) -> str:
    """The id, however it is written (RFC 9562 §4), if it can be one; else a 404 that asks nobody."""
    found = _ID.fullmatch(text)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found[1].lower()


def _moved(to: str) -> Response:
    """The way to what has this id; relative, so that it also holds behind a path prefix."""
    return Response(None, HTTPStatus.MOVED_PERMANENTLY, {"Location": to})


def _is_too_long(request: Request) -> bool:
    """Whether the address is; what stood beyond the bound may be cut off already."""
    return len(request.scope["raw_path"]) + 1 + len(request.scope["query_string"]) > LONGEST_ADDRESS


def _page_number(text: str) -> int:
    """The page that is asked for; the first where that is none."""
    return min(int(text), LAST_PAGE) if re.fullmatch("[1-9][0-9]{0,2}", text) else 1


def _unsuccessful(
    text: str, status: HTTPStatus, media_type: str, policy: Mapping[str, str] | None = None
) -> Response:
    later = {"Retry-After": "10"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(text, status, {"Cache-Control": "no-store", **later, **(policy or {})}, media_type)


def _health(health: Health) -> Response:
    body = json.dumps({"ok": health.ok, "problems": list(health.problems)}, ensure_ascii=False)
    status = HTTPStatus.OK if health.ok else HTTPStatus.SERVICE_UNAVAILABLE
    return Response(body + "\n", status, {"Cache-Control": "no-store"}, "application/json")


class _Desk:
    """The request handlers of the pages, and the few threads they are made in."""

    def __init__(self, pages: Pages, patience_seconds: float) -> None:
        self._pages = pages
        self._patience_seconds = patience_seconds
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._searching = asyncio.Semaphore(_SEARCHES_AT_ONCE)

    async def index(self, request: Request) -> Response:
        return await self._page(request, self._pages.index, SCRIPTED)

    async def feeds(self, request: Request) -> Response:
        return await self._page(request, self._pages.feeds)

    async def stats(self, request: Request) -> Response:
        return await self._page(request, self._pages.stats)

    async def story(self, request: Request) -> Response:
        """How a story was judged; one that was merged into another leads there."""
        written = request.path_params["story_id"]
        asked = _id(written)
        if asked != written:
            return _moved(asked)
        story = await self._made(lambda: self._pages.site.story(asked))
        if story is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if story.id != asked:
            return _moved(story.id)
        return await self._page(request, lambda: self._pages.story(story))

    async def event(self, request: Request) -> Response:
        """What happened, story by story; an event that turned out to be part of another leads there."""
        written = request.path_params["event_id"]
        asked = _id(written)
        if asked != written:
            return _moved(asked)
        event = await self._made(lambda: self._pages.site.event(asked))
        if event is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if event.id != asked:
            return _moved(event.id)
        return await self._page(request, lambda: self._pages.event(event))

    async def healthz(self, _request: Request) -> Response:
        """For machines: 200 while the data is fresh, 503 with the reasons when it is not."""
        return _health(await self._made(self._pages.site.health))

    async def metrics(self, _request: Request) -> Response:
        """For Prometheus and its like."""
        body = await self._made(self._pages.site.metrics)
        return Response(body, HTTPStatus.OK, {"Cache-Control": "no-store"}, METRICS)

    async def problems(self, request: Request) -> Response:
        """What needs a look, for a feed reader."""
        return answer(await self._made(self._pages.site.problem_feed), request.headers, PAGE_CACHE)

    async def opml(self, request: Request) -> Response:
        """The sources, for other readers and for a list that others keep up with."""
        body = await self._made(self._pages.site.opml)
        return answer(rendered(OPML, body, self._pages.now()), request.headers, PAGE_CACHE)

    async def favicon(self, request: Request) -> Response:
        return answer(ICON, request.headers, ICON_CACHE, SHOWN_ELSEWHERE)

    async def tag(self, request: Request) -> Response:
        """A tag that is no file: rendered from the store."""
        found = _TAG_ADDRESS.fullmatch(request.path_params["address"])
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        tag, suffix = found[1], found[2]
        rendered = await self._made(lambda: self._pages.site.tag_output(tag, suffix))
        if rendered is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return answer(rendered, request.headers, output_cache(self._pages.site.fresh_for()))

    async def archive(self, request: Request) -> Response:
        """A page of what an output shows no more."""
        asked = (request.path_params[name] for name in ("path", "page", "suffix"))
        rendered = await self._made(partial(self._pages.site.archive, *asked), self._searching)
        if rendered is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return answer(rendered, request.headers, ARCHIVE_CACHE)

    async def search(self, request: Request) -> Response:
        """The stories that a filter takes, or where it cannot be read."""
        if _is_too_long(request):
            html = self._pages.search_trouble("", _TOO_LONG)
            return _unsuccessful(html, HTTPStatus.REQUEST_URI_TOO_LONG, "text/html", SCRIPTED)
        query = request.query_params.get("q", "")
        number = _page_number(request.query_params.get("page", ""))
        try:
            html = await self._made(lambda: self._pages.search(query, number), self._searching)
        except FilterError as error:
            html, status = self._pages.search_mistake(error), HTTPStatus.BAD_REQUEST
            return _unsuccessful(html, status, "text/html", SCRIPTED)
        except SearchTooLongError as error:
            html, status = self._pages.search_trouble(query, error), HTTPStatus.SERVICE_UNAVAILABLE
            return _unsuccessful(html, status, "text/html", SCRIPTED)
        page = rendered_page(html, self._pages.now())
        return answer(page, request.headers, PAGE_CACHE, SCRIPTED)

    async def search_feed(self, request: Request) -> Response:
        """The same as a feed; mistakes are one line of text."""
        suffix, query = request.path_params["suffix"], request.query_params.get("q", "")
        if suffix not in FEEDS:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        if _is_too_long(request):
            return _unsuccessful(f"{_TOO_LONG}\n", HTTPStatus.REQUEST_URI_TOO_LONG, "text/plain")
        try:
            rendered = await self._made(
                lambda: self._pages.site.search_output(query, suffix), self._searching
            )
        except FilterError as error:
            return _unsuccessful(f"{error}\n", HTTPStatus.BAD_REQUEST, "text/plain")
        except SearchTooLongError as error:
            return _unsuccessful(f"{error}\n", HTTPStatus.SERVICE_UNAVAILABLE, "text/plain")
        return answer(rendered, request.headers, output_cache(self._pages.site.fresh_for()))

    async def search_script(self, request: Request) -> Response:
        return answer(SEARCH_SCRIPT, request.headers, PAGE_CACHE)

    async def live_script(self, request: Request) -> Response:
        return answer(LIVE_SCRIPT, request.headers, PAGE_CACHE)

    async def refused(self, request: Request, refusal: Exception) -> Response:
        """404 as a page that helps on; 405 and 503 in a line."""
        status = refusal.status_code if isinstance(refusal, HTTPException) else HTTPStatus.NOT_FOUND
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            return only_get()
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            return self._unavailable(request, "Too many pages are being made at once")
        html = self._pages.not_found(request.scope["path"], root=_root(request))
        return Response(html, status, {"Cache-Control": "no-store"}, "text/html")

    async def failed(self, request: Request, error: Exception) -> Response:
        """The store cannot be asked just now; what is published goes on being served."""
        reason = error.for_strangers() if isinstance(error, AggregatorError) else str(error)
        return self._unavailable(request, reason)

    def _unavailable(self, request: Request, reason: str) -> Response:
        headers = {"Retry-After": "10", "Cache-Control": "no-store"}
        if request.scope["path"] == "/healthz":
            return _health(Health(problems=(reason,)))
        html = self._pages.unavailable(reason, root=_root(request))
        return Response(html, HTTPStatus.SERVICE_UNAVAILABLE, headers, "text/html")

    async def _page(
        self, request: Request, make: Callable[[], str], policy: Mapping[str, str] | None = None
    ) -> Response:
        html = await self._made(make)
        return answer(rendered_page(html, self._pages.now()), request.headers, PAGE_CACHE, policy)

    async def _made(self, make: Callable[[], T], free: asyncio.Semaphore | None = None) -> T:
        free = free or self._free
        try:
            async with asyncio.timeout(self._patience_seconds):
                await free.acquire()
        except TimeoutError:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE) from None
        try:
            return await asyncio.to_thread(make)
        finally:
            free.release()
