"""Web addresses as keys and as links. Pure: nothing here asks the network what an address means.

`canonical` answers "do these two addresses name one article?" and errs on the side of no. What it leaves
out stands in tables: core/tracking.py (parameters), core/forms.py (AMP, mobile, hosts), core/redirectors.py.
Nothing but keys is made of it: an entry keeps its link as its feed wrote it, and ids are made of that.
"""

import re
from urllib.parse import (
    SplitResult,
    parse_qsl,
    quote,
    unquote,
    unquote_to_bytes,
    urlencode,
    urljoin,
    urlsplit,
    urlunsplit,
)

from aggregator.core.forms import host_form, page_form
from aggregator.core.redirectors import unwrapped
from aggregator.core.tracking import meaning

MAX_LENGTH = 8_000  # RFC 9110 §4.1 asks for 8,000 octets at least; more is no link of an article

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\ud800-\udfff]")
_USERINFO = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*://)([^/?#]*)@")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SAFE_PATH = "/:@!$&'()*+,;=~-._%"


def absolute(url: str, base: str) -> str | None:
    """The http(s) address that `url` means on the page `base`, as an RFC 3986 URI; None where unusable.

    Tabs and line ends inside are dropped, other characters that a URI may not hold are percent-encoded as
    UTF-8, and an international host name becomes its ASCII form.
    """
    text = re.sub(r"[\t\r\n]", "", url).strip()
    if not text:
        return None
    try:
        parts = urlsplit(urljoin(base, text))
        usable = parts.scheme in _DEFAULT_PORTS and parts.hostname
        whole = _encoded(parts) if usable else ""
    except ValueError:  # an unclosed IPv6 bracket, a port that is no number, a host that IDNA refuses
        return None
    return whole if whole and len(whole) <= MAX_LENGTH else None


def _encoded(parts: SplitResult) -> str:
    if _FORBIDDEN.search(parts.netloc):
        raise ValueError(parts.netloc)
    netloc = ascii_host(parts.hostname or "")
    if parts.port not in (None, _DEFAULT_PORTS[parts.scheme]):
        netloc = f"{netloc}:{parts.port}"
    userinfo, at, _ = parts.netloc.rpartition("@")
    path, query, fragment = (
        quote(part.encode("utf-8", "replace"), safe=safe)
        for part, safe in (
            (parts.path, _SAFE_PATH),
            (parts.query, _SAFE_PATH + "?"),
            (parts.fragment, _SAFE_PATH + "?"),
        )
    )
    return urlunsplit(
        (
            parts.scheme,
            userinfo + at + netloc,
            _stray_percents(path) or "/",
            _stray_percents(query),
            _stray_percents(fragment),
        )
    )


def _stray_percents(text: str) -> str:
    """A percent sign that begins no escape is itself escaped (RFC 3986 §2.4)."""
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)


def ascii_host(host: str) -> str:
    """The host as it stands in a URL: small letters, an international name in its ASCII form (RFC 5890).

    UnicodeError where IDNA refuses the name.
    """
    if host.isascii():
        return f"[{host}]" if ":" in host else host.lower()
    return host.encode("idna").decode("ascii").lower()


def canonical(url: str) -> str | None:
    """A key that two addresses of one article share; None where there is no article behind it.

    Redirectors, scheme, user, default port, `www.`, mobile and AMP forms, fragment, trailing slash, parameter
    order and tracking parameters do not count (what RFC 3986 §6 calls protocol-based normalisation, and
    more). A bare home page has no key: feeds that link it in every entry are not one story.
    """
    try:
        parts = urlsplit(unwrapped(url.strip()))
        port = parts.port
        host = ascii_host((parts.hostname or "").rstrip("."))
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    host, path, pairs = page_form(host_form(host), _one_spelling(parts.path), pairs)
    query = urlencode(sorted(meaning(host, path, pairs)))
    path = path.rstrip("/")
    route = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    if not (path or query or route):
        return None
    where = host if port in (None, 80, 443) else f"{host}:{port}"
    return f"{where}/{path.lstrip('/')}{query and '?' + query}{route and '#' + route}"


def _one_spelling(path: str) -> str:
    """`%7Euser` and `~user` are one path (RFC 3986 §6.2.2.2)."""
    return quote(unquote_to_bytes(path), safe=_SAFE_PATH)


def feed_key(url: str) -> str:
    """A key that two spellings of one feed's address share; an address that is none is its own.

    Scheme, login, default port, fragment and a closing slash do not count. Unlike for articles all else
    does: `?feed=rss` and `www.` lead to feeds of their own on some sites.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if not parts.hostname:
        return url
    where = parts.hostname if port in (None, 80, 443) else f"{parts.hostname}:{port}"
    return f"{where}{parts.path.rstrip('/')}{parts.query and '?' + parts.query}"


def host_of(url: str) -> str:
    """`host:port` of an http(s) address, the unit that politeness counts in; '' where there is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{(parts.hostname or '').rstrip('.')}:{port}" if parts.hostname else ""


def shares_secrets(home: str, url: str) -> bool:
    """Whether what is meant for the server at `home` may go to `url`: the same origin (RFC 6454 §5).

    A host's own step from http up to https counts as one, or a password would be asked for on every move.
    """
    one, other = _origin(home), _origin(url)
    name, _, port = one[1].rpartition(":")
    return one == other or (port == "80" and other == ("https", f"{name}:443"))


def goes_down(url: str, target: str) -> bool:
    """Whether the way from one address to the next leaves https for http, where anyone may meddle."""
    return _origin(url)[0] == "https" and _origin(target)[0] == "http"


def _origin(url: str) -> tuple[str, str]:
    scheme = url.partition(":")[0].lower()
    return scheme, host_of(url)


def login_apart(url: str) -> tuple[str, str | None]:
    """The address without user and password, fit to be shown, and these as `user:password`; None if absent.

    In an address they are percent-encoded (RFC 3986 §3.2.1), apart from it they are not.
    """
    found = _USERINFO.match(url)
    if found is None:
        return url, None
    user, _, password = found[2].partition(":")
    return found[1] + url[found.end() :], f"{unquote(user)}:{unquote(password)}" if found[2] else None
