"""What headers say of caching and waiting. What makes no sense counts as absent (RFC 9110 §5.5)."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from aggregator.model import Validators

_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*"?([^",]*)"?)?')


def raw(response: httpx.Response, name: bytes) -> str | None:
    """The header's bytes as ISO-8859-1, so that they can be sent back as they came; None where absent."""
    return next((value.decode("latin-1") for key, value in response.headers.raw if key.lower() == name), None)


def validators(response: httpx.Response) -> Validators:
    """ETag and Last-Modified exactly as they came (RFC 9110 §8.8)."""
    return Validators(raw(response, b"etag") or None, raw(response, b"last-modified") or None)


def refreshed(ours: Validators, response: httpx.Response) -> Validators:
    """Our validators after a 304: new ones are taken, but not another strong ETag (RFC 9111 §4.3.4)."""
    new = validators(response)
    other_strong = bool(new.etag and ours.etag and new.etag != ours.etag and not new.etag.startswith("W/"))
    etag = ours.etag if other_strong else new.etag or ours.etag
    return Validators(etag, new.last_modified or ours.last_modified)


def freshness(response: httpx.Response) -> timedelta | None:
    """For how long the answer stays fresh (RFC 9111 §4.2.1): max-age less Age, else Expires less Date."""
    said = dict(_DIRECTIVE.findall(", ".join(response.headers.get_list("cache-control")).lower()))
    if "no-store" in said or "no-cache" in said:
        return None
    lifetime = _seconds(said.get("max-age"))
    if lifetime is not None:
        return _positive(lifetime - (_seconds(response.headers.get("age")) or timedelta(0)))
    expires, date = _date(response.headers.get("expires")), _date(response.headers.get("date"))
    return _positive(expires - date) if expires and date else None


def retry_after(response: httpx.Response, now: datetime) -> timedelta | None:
    """How long the server asks us to stay away (RFC 9110 §10.2.3); None where it does not."""
    said = response.headers.get("retry-after")
    seconds, moment = _seconds(said), _date(said)
    if seconds is not None:
        return _positive(seconds)
    return _positive(moment - now) if moment else None


def served_at(response: httpx.Response) -> datetime | None:
    """What the server says the time is, also where a cache kept its answer for a while (RFC 9111 §5.1)."""
    said = _date(response.headers.get("date"))
    try:
        return said + (_seconds(response.headers.get("age")) or timedelta(0)) if said else None
    except OverflowError:
        return None


def _seconds(text: str | None) -> timedelta | None:
    """A count of seconds; more than a hundred years is as good as for ever."""
    if text is None or not re.fullmatch(r"\s*\d{1,15}\s*", text):
        return None
    return timedelta(seconds=min(int(text), 100 * 365 * 86_400))


def _date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (TypeError, ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _positive(wait: timedelta) -> timedelta | None:
    return wait if wait > timedelta(0) else None
