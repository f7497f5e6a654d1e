"""What to send for a rendered address: which bytes, and whether they need sending at all. Pure, RFC 9110.

It knows representations and request headers, never sockets or frameworks. Ranges are not offered: a feed is
small, and half a feed is none.

To add a content coding: its bytes in model.Rendered, one more Representation in `acceptable`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus

from aggregator.model import Rendered

WEIGHED = ("accept-encoding", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since")
"""the request headers that an answer depends on"""

_ENTITY_TAG = re.compile(r'(?:W/)?"[^"]*"')  # a comma may stand inside (RFC 9110 §8.8.3)
_UNSPOKEN = 0.0005  # what identity weighs where nobody names it: acceptable, after everything that is named


@dataclass(frozen=True, slots=True)
class Representation:
    """One form of an address's content; `encoding` is None for the plain bytes."""

    body: bytes
    etag: str
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer but for Date and Content-Length, which the server adds."""

    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes = b""


def reply(rendered: Rendered, asked: Mapping[str, str], *, cache_control: str) -> Reply:
    """The answer to a GET (or HEAD) with these request headers, named in lower case.

    200 with the bytes; 304 with the headers that §15.4.5 demands and no others; 412 where If-Match or
    If-Unmodified-Since asked for another state than the present one.
    """
    return told(rendered, *judged(rendered, asked), cache_control=cache_control)


def judged(rendered: Rendered, asked: Mapping[str, str]) -> tuple[Representation, HTTPStatus]:
    """The form that a request with these headers is about, and what to say to it."""
    chosen = choose(rendered, asked.get("accept-encoding"), asked.get("if-none-match"))
    return chosen, evaluate(asked, etag=chosen.etag, last_modified=rendered.last_modified)


def told(rendered: Rendered, chosen: Representation, status: HTTPStatus, *, cache_control: str) -> Reply:
    """The answer that says this of this form."""
    headers = {"ETag": chosen.etag, "Cache-Control": cache_control, "Vary": "Accept-Encoding"}
    if status is not HTTPStatus.OK:
        return Reply(status, headers)
    headers["Last-Modified"] = format_datetime(rendered.last_modified.astimezone(UTC), usegmt=True)
    headers["Content-Type"] = rendered.content_type
    if rendered.links:
        headers["Link"] = rendered.links
    if chosen.encoding:
        headers["Content-Encoding"] = chosen.encoding
    return Reply(status, headers, chosen.body)


def choose(rendered: Rendered, accept_encoding: str | None, if_none_match: str | None) -> Representation:
    """The form to send: the one that the client holds if it would take it, else the one it likes best.

    Which form to pick is the server's choice (§12.1); picking the held one turns a client that changed its
    Accept-Encoding into a 304.
    """
    offered = acceptable(rendered, accept_encoding)
    tags = _tags(if_none_match or "")
    return next((one for one in offered if one.etag in tags), offered[0])


def acceptable(rendered: Rendered, accept_encoding: str | None) -> list[Representation]:
    """The forms that the client takes, best first; the plain one where it takes none (§12.5.3)."""
    plain = Representation(rendered.body, rendered.etag)
    if accept_encoding is None or len(rendered.gzipped) >= len(rendered.body):
        return [plain]
    zipped = Representation(rendered.gzipped, rendered.gzip_etag, "gzip")
    return [zipped if coding == "gzip" else plain for coding in _liked(accept_encoding)] or [plain]


def evaluate(asked: Mapping[str, str], *, etag: str, last_modified: datetime) -> HTTPStatus:
    """200, 304 or 412, by the preconditions in the order of §13.2.2."""
    changed_at = last_modified.replace(microsecond=0)
    if "if-match" in asked:
        if not _names(asked["if-match"], etag, strongly=True):
            return HTTPStatus.PRECONDITION_FAILED
    elif (unmodified := _date(asked.get("if-unmodified-since"))) and changed_at > unmodified:
        return HTTPStatus.PRECONDITION_FAILED
    if "if-none-match" in asked:
        held = _names(asked["if-none-match"], etag, strongly=False)
        return HTTPStatus.NOT_MODIFIED if held else HTTPStatus.OK
    since = _date(asked.get("if-modified-since"))
    return HTTPStatus.NOT_MODIFIED if since and changed_at <= since else HTTPStatus.OK


def _names(field: str, etag: str, *, strongly: bool) -> bool:
    """True when If-Match or If-None-Match names this strong tag (§8.8.3.2: weak comparison forgets W/)."""
    if field.strip() == "*":
        return True
    return etag in (_ENTITY_TAG.findall(field) if strongly else _tags(field))


def _tags(field: str) -> list[str]:
    """The entity tags of a list, without their W/: caches in between weaken them."""
    return [tag.removeprefix("W/") for tag in _ENTITY_TAG.findall(field)]


def _date(field: str | None) -> datetime | None:
    """An HTTP date; None where there is none or it is not one (then §13.1.3 has it ignored)."""
    if not field:
        return None
    try:
        moment = parsedate_to_datetime(field)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


@lru_cache(maxsize=128)
def _liked(accept_encoding: str) -> tuple[str, ...]:
    """The codings that we have and the client takes, best first. Remembered: few ways are in use."""
    weights = _weights(accept_encoding)
    other = weights.get("*")
    gzip = weights.get("gzip", weights.get("x-gzip", other or 0.0))
    identity = weights.get("identity", 0.0 if other == 0.0 else _UNSPOKEN)
    forms = sorted([(gzip, "gzip"), (identity, "identity")], key=lambda one: one[0], reverse=True)
    return tuple(coding for weight, coding in forms if weight > 0.0)


def _weights(accept_encoding: str) -> dict[str, float]:
    """Coding → weight, as Accept-Encoding says; an unreadable weight counts as refused."""
    weights = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameter = part.partition(";")
        weights[coding.strip()] = _weight(parameter)
    return weights


def _weight(parameter: str) -> float:
    if not parameter.strip():
        return 1.0
    found = re.fullmatch(r"\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*", parameter)
    return float(found[1]) if found else 0.0
