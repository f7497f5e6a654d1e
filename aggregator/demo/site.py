"""The local site that serves the sample papers: feeds with validators, articles, front pages.

A thread of its own and the standard library's server, on a port of this machine only. It behaves as a
good news site does: ETag, Last-Modified, 304, gzip, HEAD (RFC 9110). It reads nothing but the package's files
and knows nothing of the aggregator; nothing of it runs outside the demo and the tests.
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from socketserver import BaseServer
from threading import Thread
from urllib.parse import unquote, urlsplit

from aggregator.demo.documents import changed, content_type, feed_document
from aggregator.demo.pages import article_page, foghorn, paper_page, stand_page
from aggregator.demo.papers import Paper, Printed, Timeline, papers, printed

_HTML = "text/html; charset=utf-8"
_MIN_GZIP_BYTES = 500


@dataclass(frozen=True, slots=True)
class _Page:
    content_type: str
    body: bytes
    changed_at: datetime


class DemoSite:
    """The sample papers, served from 127.0.0.1; use start() and stop(), in that order, once.

    `pace` is how many times faster than the clock new items appear; `now` is the clock; `port` is a free one
    unless named, and OSError says that the named one is not to be had.
    """

    def __init__(
        self, pace: float = 1.0, *, now: Callable[[], datetime] = lambda: datetime.now(UTC), port: int = 0
    ) -> None:
        self._now = now
        self._timeline = Timeline(start=now(), pace=pace)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, self.page))
        self._server.daemon_threads = True
        self._base_url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="demo-site", daemon=True)

    def start(self) -> str:
        """Serve from now on; gives the site's address, `http://127.0.0.1:PORT/`."""
        self._thread.start()
        return self._base_url

    def stop(self) -> None:
        """Close the port and end the thread."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def page(self, path: str) -> _Page | None:
        """What stands at this path (`/harbour-times/rss.xml`) now; None where nothing does."""
        name, _, rest = path.removeprefix("/").partition("/")
        paper = papers().get(name)
        if paper is not None:
            return self._paper_page(paper, rest)
        body = stand_page(papers().values()).encode()
        return None if name else _Page(_HTML, body, self._timeline.start)

    def _paper_page(self, paper: Paper, rest: str) -> _Page | None:
        now, timeline = self._now(), self._timeline
        changed_at = changed(paper, now=now, timeline=timeline)
        if rest == paper.feed:
            body = feed_document(paper, now=now, timeline=timeline, base_url=self._base_url)
            return _Page(content_type(paper), body, changed_at)
        items = printed(paper, now=now, timeline=timeline)
        if not rest:
            return _Page(_HTML, paper_page(paper, items).encode(), changed_at)
        return next((_article(paper, one, rest) for one in items if _stands_at(one, paper, rest)), None)


def _stands_at(one: Printed, paper: Paper, rest: str) -> bool:
    return f"{paper.name}/{rest.removesuffix('.wav')}" == one.piece.path


def _article(paper: Paper, one: Printed, rest: str) -> _Page:
    if rest.endswith(".wav"):
        return _Page("audio/x-wav", foghorn(), one.published_at)
    return _Page(_HTML, article_page(paper, one).encode(), one.updated_at)


class _Handler(BaseHTTPRequestHandler):
    """One connection: finds the page, answers conditionally."""

    protocol_version = "HTTP/1.1"
    server_version = "demo"
    sys_version = ""
    timeout = 30

    def __init__(
        self,
        page: Callable[[str], _Page | None],
        request: socket,
        client: tuple[str, int],
        server: BaseServer,
    ) -> None:
        self._page = page
        super().__init__(request, client, server)

    def do_GET(self) -> None:
        """Answer with the page, a 304 or a 404 (RFC 9110 §9.3.1)."""
        page = self._page(unquote(urlsplit(self.path).path))
        if page is None:
            self._send(HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, b"There is nothing here.\n")
            return
        wants_gzip = "gzip" in self.headers.get("Accept-Encoding", "") and len(page.body) > _MIN_GZIP_BYTES
        body = gzip.compress(page.body, mtime=0) if wants_gzip else page.body
        headers = {
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:24]}"',
            "Last-Modified": format_datetime(page.changed_at, usegmt=True),
            "Cache-Control": "max-age=5",
            "Vary": "Accept-Encoding",
        }
        if self._is_fresh(headers["ETag"], page.changed_at):
            self._send(HTTPStatus.NOT_MODIFIED, headers, None)
            return
        headers["Content-Type"] = page.content_type
        if wants_gzip:
            headers["Content-Encoding"] = "gzip"
        self._send(HTTPStatus.OK, headers, body)

    def do_HEAD(self) -> None:
        """The same headers without the body (RFC 9110 §9.3.2)."""
        self.do_GET()

    def _is_fresh(self, etag: str, changed_at: datetime) -> bool:
        """RFC 9110 §13.2.2: If-None-Match decides where there is one."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
        since = self.headers.get("If-Modified-Since")
        return since is not None and changed_at.replace(microsecond=0) <= parsedate_to_datetime(since)

    def _send(self, status: HTTPStatus, headers: dict[str, str], body: bytes | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body is not None and self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_args: object, **_named: object) -> None:
        """Nothing: the demo's terminal belongs to the daemon."""
