"""Links that open a feed in a reader. Pure; nothing is asked of anybody until a person follows one.

To add a reader on the web: a row in ON_THE_WEB.
"""

from urllib.parse import quote, urlsplit

from aggregator.core.addresses import is_public

ON_THE_WEB: tuple[tuple[str, str], ...] = (
    ("Feedly", "https://feedly.com/i/subscription/feed/"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
)
"""Readers that fetch feeds themselves, and what stands before a feed's address, which follows encoded."""

# RFC 2606, RFC 6762, RFC 8375, ICANN's `internal`, and what home routers hand out.
_PRIVATE = frozenset({"localhost", "local", "internal", "home", "lan", "arpa", "test", "invalid", "example"})


def readers(address: str) -> tuple[tuple[str, str], ...]:
    """Name and link of each reader that can open the feed at this address.

    The reader of this device always can, by the scheme that NetNewsWire, Reeder and others answer to; those
    on the web only where they reach us.
    """
    apps = (("The reader on this device", f"feed:{address}"),)
    return apps + (_on_the_web(address) if is_reachable(address) else ())


def _on_the_web(address: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, begin + quote(address, safe="")) for name, begin in ON_THE_WEB)


def is_reachable(url: str) -> bool:
    """Whether the host may be one of the public internet, by its name or number alone."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return is_public(host)
    except ValueError:  # a name
        return "." in host and host.rpartition(".")[2] not in _PRIVATE
