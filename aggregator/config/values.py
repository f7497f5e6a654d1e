"""Text → durations, sizes, addresses and names. Pure; each function raises ValueError with a predicate.

A predicate completes the sentence that begins with the value as written: "is not a duration; write …". So no
message repeats a value that came out of the environment and may be a secret.

To add a kind of value: a function here, its type in kinds.py, a row in docs/configuration.md.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from difflib import SequenceMatcher
from ipaddress import ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from aggregator.core.categories import belongs

SURE = 0.75  # how alike a word is to the one that was meant, at least; and by how much more than to another
AHEAD = 0.1
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
SIZES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
RESERVED_NAMES = frozenset(
    {"events", "feeds", "healthz", "index", "metrics", "problems", "search", "stats", "stories", "tag"}
)
OWN_HEADERS = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "if-modified-since", "if-none-match", "range"}
    | {"transfer-encoding"}
)
LONGEST = timedelta(days=36_500)
LARGEST_BYTES = 10**15

DURATION = r"[0-9]+[smhdw]"
SIZE = r"[0-9]+ ?(?:[kKmMgG]i?)?[bB]"
OUTPUT_NAME = r"[a-z0-9][a-z0-9._-]{0,63}"
FILTER_NAME = OUTPUT_NAME
UNGUESSABLE = r"[A-Za-z0-9_-]{16,128}"
_HOST_NAME = re.compile(r"(?=.{1,253}\.?$)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")  # RFC 9110 §5.5
_LONG_DURATION = re.compile(
    r"([0-9]+) ?(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)", re.ASCII
)
_BARE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?::[0-9]+)?(?:/\S*)?")
_LOGIN = re.compile(r"(?<=://)[^/\s]*@")
_LISTEN = re.compile(r"(?P<host>\[[^\[\]]*\]|[^\s:/\[\]]+):(?P<port>[0-9]{1,5})")


class MisspeltError(ValueError):
    """A value that cannot be read; `meant` is what was, where it cannot be anything else."""

    def __init__(self, predicate: str, meant: str | None) -> None:
        super().__init__(predicate, meant)
        self.predicate = predicate
        self.meant = meant

    def __str__(self) -> str:
        return self.predicate


class Listen(NamedTuple):
    """Where to serve; an IPv6 host stands without its brackets."""

    host: str
    port: int


def read_notice_address(text: str) -> str:
    """Where notices are sent, in apprise's way; ValueError without the value, which may hold a password."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://\S+", text):
        raise ValueError(
            "is no address of a service for notices; write one as apprise does, such as ntfy://my-topic, "
            "or ${NAME} to have it from the environment"
        )
    return text


def quoted(text: str) -> str:
    """The text as a message may show it: in quotes, not too long, without the password of a URL."""
    shown = _LOGIN.sub("***@", text)
    return f"'{shown if len(shown) <= 80 else shown[:79] + '…'}'"


def single_quoted(text: str) -> str:
    """The text as YAML reads it back between single quotes."""
    return "'" + text.replace("'", "''") + "'"


def surely(word: str, valid: Iterable[str]) -> str | None:
    """The valid word that must have been meant; None where none is near, or two are."""
    likeness = sorted(
        ((SequenceMatcher(None, one, word.lower()).ratio(), one) for one in valid), reverse=True
    )
    best, second = [*likeness, (0.0, ""), (0.0, "")][:2]
    return best[1] if best[0] >= SURE and best[0] - second[0] >= AHEAD else None


def read_duration(text: str) -> timedelta:
    """`0s 90s 15m 2h 1d 2w` as a time span."""
    if not re.fullmatch(DURATION, text):
        spelt = _LONG_DURATION.fullmatch(text)
        raise MisspeltError(
            "is not a duration; write a whole number and its unit: 90s, 15m, 2h, 1d or 2w",
            f"{spelt[1]}{spelt[2][0]}" if spelt else None,
        )
    number = text[:-1].lstrip("0") or "0"
    seconds = int(number) * UNITS[text[-1]] if len(number) < 12 else 10**12
    if seconds > LONGEST.total_seconds():
        raise ValueError("is longer than a hundred years")
    return timedelta(seconds=seconds)


def duration_text(span: timedelta) -> str:
    """A span of whole seconds as `read_duration` reads it, in the largest unit up to days."""
    seconds = int(span.total_seconds())
    unit = next(
        unit for unit, each in reversed(UNITS.items()) if seconds % each == 0 and (seconds or each == 1)
    )
    return f"{seconds // UNITS[unit]}{unit}"


def read_size(text: str) -> int:
    """`500KB 10MB 64MiB`, or a plain number of bytes, as bytes: KB is 1,000 and KiB 1,024 of them."""
    found = re.fullmatch(rf"([0-9]{{1,15}})(?: ?({'|'.join(SIZES)}))?", text, re.IGNORECASE | re.ASCII)
    if found is None:
        raise ValueError("is not a size; write a whole number and its unit: 500KB, 10MB or 64MiB")
    size = int(found[1]) * SIZES[(found[2] or "B").upper()]
    if size > LARGEST_BYTES:
        raise ValueError("is larger than a petabyte")
    return size


def size_text(size: int) -> str:
    """A number of bytes as `read_size` reads it, in the largest decimal unit that tells it whole."""
    unit = next(unit for unit in ("GB", "MB", "KB", "B") if size % SIZES[unit] == 0)
    return f"{size // SIZES[unit]}{unit}"


def read_url(text: str) -> str:
    """An http or https URL, as written."""
    parts = split_url(text)
    if not parts.hostname:
        raise ValueError("is not a feed's address; it names no host: https://example.org/feed.xml")
    return text


def split_url(text: str) -> SplitResult:
    """The parts of an http or https URL."""
    if re.search(r"[\s\x00-\x1f\x7f]", text):
        raise ValueError("is not a URL; it has a space or a line break in it")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError as error:
        raise ValueError("is not a URL; its host or port cannot be read") from error
    if parts.scheme not in {"http", "https"}:
        remedy, meant = _scheme_remedy(text)
        raise MisspeltError(f"is not a web address; {remedy}", meant)
    return parts


def _scheme_remedy(text: str) -> tuple[str, str | None]:
    """What to do, and the address that must have been meant."""
    if text.lower().startswith("url:"):
        return "a space is missing after 'url:'", None
    bare = re.sub(r"^feed:(//)?", "", text, flags=re.IGNORECASE)
    if bare != text:
        address = "https://" + re.sub(r"^https?://", "", bare)
        return f"write {address}", address
    return "it must begin with https:// or http://", f"https://{text}" if _BARE.fullmatch(text) else None


def read_login(text: str) -> str:
    """`user:password`; a message never holds it."""
    if ":" not in text:
        raise ValueError("is no login; write user:password, the password best as ${NAME}")
    return text


def read_token(text: str) -> str:
    """What the address of a private output holds; a message never does."""
    if not re.fullmatch(UNGUESSABLE, text):
        raise ValueError(
            "is no token; use 16 to 128 letters, digits, '-' and '_' that nobody can guess, best as ${NAME}"
        )
    return text


def read_proxy(text: str) -> str:
    """The address of an HTTP proxy, with its user and password where it asks for them."""
    parts = split_url(text)
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("is not the address of a proxy; write it like http://proxy.example.org:3128")
    return text


def same_url(text: str) -> str:
    """A key that is equal for two spellings of one address: login, capitals, default port, fragment."""
    try:
        parts = split_url(text)
    except ValueError:
        return text
    default = {"http": 80, "https": 443}[parts.scheme]
    port = f":{parts.port}" if parts.port not in {None, default} else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path or '/'}?{parts.query}"


def read_public_url(text: str) -> str:
    """The address that self links begin with: with its slash at the end, without query and fragment."""
    parts = split_url(text)
    if not parts.hostname or parts.query or parts.fragment:
        raise ValueError("is not the address of a site; write it like https://news.example.org/")
    return text.rstrip("/") + "/"


def read_listen(text: str) -> Listen:
    """`host:port`, an IPv6 host in brackets."""
    found = _LISTEN.fullmatch(text)
    if found is None or int(found["port"]) > 65_535:
        raise ValueError("is not host:port; write 127.0.0.1:8080, 0.0.0.0:8080 for everywhere, or [::1]:8080")
    host = found["host"].strip("[]")
    if found["host"].startswith("["):
        try:
            ip_address(host)
        except ValueError as error:
            raise ValueError("is not host:port; what stands in brackets is no IPv6 address") from error
    return Listen(host, int(found["port"]))


def default_public_url(listen: Listen) -> str:
    """`http://` and where we listen; an address that means "everywhere" becomes localhost."""
    host = "localhost" if listen.host in {"0.0.0.0", "::", "*"} else listen.host  # noqa: S104 (compared, not bound)
    return f"http://[{host}]:{listen.port}/" if ":" in host else f"http://{host}:{listen.port}/"


def read_network(text: str) -> str:
    """A host name, an address or a network that may be polled although it is private."""
    if "/" not in text and ":" not in text and _HOST_NAME.fullmatch(text):
        return text
    try:
        ip_network(text.strip("[]"), strict=False)
    except ValueError as error:
        raise ValueError(
            "is no host name, address or network; write nas.lan, 192.168.1.7 or 192.168.1.0/24"
        ) from error
    return text


def read_addresses(text: str) -> str:
    """An address or a network, as a connection shows it."""
    try:
        return str(ip_network(text)) if "/" in text else str(ip_address(text))
    except ValueError as error:
        raise ValueError("is no address or network; write 172.18.0.2 or 172.16.0.0/12") from error


def read_tag(text: str) -> str:
    """A tag's name: `part(/part)*`, each of letters, digits, `.`, `-` and `_`, none with a dot first.

    Tags become file names, and `..` is a folder. A letter and its accent may be one character or two.
    """
    name = unicodedata.normalize("NFC", text)
    parts = name.split("/")
    if len(name) > 200 or not all(part and part[0] != "." and all(map(belongs, part)) for part in parts):
        raise ValueError(
            "is not a tag; use letters, digits, '.', '-' and '_', '/' between parts, no dot first"
        )
    return name


def read_filter_name(text: str) -> str:
    """A filter's name, by which others use it as `@name`."""
    if not re.fullmatch(FILTER_NAME, text):
        raise ValueError("is not a filter's name; use small letters, digits, '.', '-' and '_', no sign first")
    return text


def read_output_name(text: str) -> str:
    """An output's name, which is its address and its file name."""
    if text in RESERVED_NAMES:
        raise ValueError("is an address of the program itself; take another name")
    if not re.fullmatch(OUTPUT_NAME, text):
        raise ValueError(
            "is not a name; use small letters, digits, '.', '-' and '_', at most 64, no sign first"
        )
    return text


def read_header_name(text: str) -> str:
    """A request header that the user may set."""
    if not _HEADER_NAME.fullmatch(text):
        raise ValueError("is not a header's name; use letters, digits and '-'")
    if text.lower() == "user-agent":
        raise ValueError("has a key of its own; write 'user_agent: …' beside 'headers'")
    if text.lower() in OWN_HEADERS:
        raise ValueError("is a header that the program sets itself; take it out")
    return text


def read_header_value(text: str) -> str:
    """What a request header may hold."""
    if not _HEADER_VALUE.fullmatch(text):
        raise ValueError("has a character that no header can hold, such as a line break")
    return text.strip()
