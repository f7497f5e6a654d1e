"""Links that lead through a counter, a warning or a cache to the page that they name. Pure: fetches nothing.

Only what stands in the address itself is read; a short link that hides its target stays what it is.

To add one: its row in `IN_QUERY`, or a pattern in `_IN_PATH`, and a row in tests/core/test_redirectors.py.
"""

import re
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

MAX_STEPS = 4  # a redirector inside another is real, a chain is a game

IN_QUERY: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "google": (("/url", "/news/url"), ("url", "q")),
    "news.google.com": (("/news/url", "/url"), ("url",)),
    "facebook.com": (("/l.php",), ("u",)),
    "l.facebook.com": (("/l.php",), ("u",)),
    "lm.facebook.com": (("/l.php",), ("u",)),
    "l.instagram.com": (("/",), ("u",)),
    "t.umblr.com": (("/redirect",), ("z",)),
    "out.reddit.com": (("/",), ("url",)),
    "getpocket.com": (("/redirect",), ("url",)),
    "safelinks.protection.outlook.com": (("/",), ("url",)),
    "exit.sc": (("/",), ("url",)),
    "bing.com": (("/news/apiclick.aspx",), ("url",)),
    "duckduckgo.com": (("/l",), ("uddg",)),
    "steamcommunity.com": (("/linkfilter",), ("url", "u")),
    "vk.com": (("/away.php",), ("to",)),
    "youtube.com": (("/redirect",), ("q",)),
    "linkedin.com": (("/redir/redirect", "/safety/go"), ("url",)),
    "medium.com": (("/r",), ("url",)),
    "slack-redir.net": (("/link",), ("url",)),
}
"""By host: the paths that redirect, and the parameters in which the address stands."""

WHOLE_QUERY = frozenset(("href.li", "anonym.to", "nullrefer.com"))

_GOOGLE = re.compile(r"google\.(?:com|[a-z]{2}|com?\.[a-z]{2})")
_IN_PATH = (
    (re.compile(r"(?:[a-z0-9-]+\.)?cdn\.ampproject\.org"), re.compile(r"/(?:c|v|wp)/(s/)?(.+)")),
    (re.compile(r"google"), re.compile(r"/amp/(s/)?([^/]+\..+)")),
)
_YAHOO = re.compile(r"/RU=([^/]+)/")


def unwrapped(url: str) -> str:
    """The address that the link leads to in the end, as far as it says so itself; else the link.

    ValueError where the link, or one inside it, is no address.
    """
    for _ in range(MAX_STEPS):
        inner = _step(urlsplit(url))
        if inner is None or not _is_page(inner):
            break
        url = inner
    return url


def _step(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").removeprefix("www.")
    host = "google" if _GOOGLE.fullmatch(host) else host
    if host in WHOLE_QUERY:
        return parts.query if "://" in parts.query else unquote(parts.query)
    if host == "r.search.yahoo.com":
        found = _YAHOO.search(parts.path)
        return unquote(found[1]) if found else None
    return _in_path(host, parts) or _in_query(host, parts)


def _in_path(host: str, parts: SplitResult) -> str | None:
    """The page behind its copy in an AMP cache."""
    for hosts, paths in _IN_PATH:
        found = paths.fullmatch(parts.path) if hosts.fullmatch(host) else None
        if found:
            return f"{'https' if found[1] else 'http'}://{found[2]}{parts.query and '?' + parts.query}"
    return None


def _in_query(host: str, parts: SplitResult) -> str | None:
    paths, names = IN_QUERY.get(host) or IN_QUERY.get(host.partition(".")[2]) or ((), ())
    if not any(path == "/" or parts.path.rstrip("/") == path for path in paths):
        return None
    said = parse_qs(parts.query)
    return next((said[name][0].strip() for name in names if name in said), None)


def _is_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
