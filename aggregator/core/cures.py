"""What a person can do about a feed that fails: advice for each kind of error. Pure.

An error is told by `fetch` and `parse` in words for people; here the kind is read from those words. Where
they name the remedy themselves (a setting, the right address), nothing is added.

To add one: a row in CURES, above the rows that are more general, and one in tests/core/test_cures.py.
"""

import re

from aggregator.model import Feed, FeedState

_WAIT = "It is tried again by itself, ever more seldom."
_MOVED = (
    "Look on its site for the feed's new address (`aggregator add SITE` finds it), and name the old one in "
    "`was`, so that nothing comes twice."
)
_GONE = (
    "Its server says that it will not come back. Take it out with `aggregator remove`, or have it asked once "
    "more with `aggregator poll` and its address."
)
_OWNER = f"Only its owner can mend that; a word to them may help. {_WAIT}"

CURES: tuple[tuple[str, str], ...] = (
    (r"poll\.(allow_private|max_bytes|parse_memory|parse_timeout)", ""),
    (r"HTTP 401\b", "It wants a login, or another one: set `auth` of the feed."),
    (
        r"HTTP (402|403|405|406|451)\b",
        "The server turns us away. Ask its owner to let feed readers in, or give the feed a `user_agent`.",
    ),
    (r"HTTP 404\b", _MOVED),
    (
        r"HTTP 410\b",
        _GONE,
    ),
    (r"HTTP 429\b", "It is asked too often for its server. Give the feed a longer `every`."),
    (r"HTTP 5\d\d\b", f"Its server has trouble of its own. {_WAIT}"),
    (r"HTTP 3\d\d\b|redirects|leads in a circle", _MOVED),
    (r"no name server answers", f"The name service of this machine or its network does not work. {_WAIT}"),
    (
        r"no such host|has no address",
        f"Check how it is spelled; if it is right, the site may be gone. {_MOVED}",
    ),
    (
        r"certificate has expired|certificate is not yet valid",
        f"If many feeds say so, the clock of this machine is wrong: set it. Else: {_OWNER}",
    ),
    (r"no trust in the certificate", f"Its certificate has expired or is not of this host. {_OWNER}"),
    (r"no secure connection", f"Its server and we find no common way to encrypt. {_OWNER}"),
    (
        r"does not answer in time",
        f"Its server is slow or down. {_WAIT} If it is always slow, `poll.timeout` may be longer.",
    ),
    (
        r"refuses the connection|broke|takes a connection|no way to",
        f"Its server is down, or a firewall stands between. {_WAIT}",
    ),
    (r"points to the feed", "Put that address in the place of this one in the config."),
    (r"not a feed|no feed|no JSON Feed|no web address", _MOVED),
    (r"internal error|the parser (failed|died)", "That is a fault of ours: please report it, with the log."),
    (r"compressed|Content-Encoding|larger than", _OWNER),
    (
        r"cannot read it|no readable JSON|is empty",
        f"The document is broken; the W3C's feed validator shows its owner where. {_WAIT}",
    ),
)
"""Patterns that find a kind of error, the more special first, and what to do about it."""

_CURES = tuple((re.compile(pattern), cure) for pattern, cure in CURES)


def cure_of(feed: Feed) -> str:
    """What to do about the feed's error, a sentence or two; empty where there is nothing to do or to add."""
    if feed.state is FeedState.PAUSED or not feed.last_error:
        return ""
    for pattern, cure in _CURES:
        if pattern.search(feed.last_error):
            return cure
    return _WAIT
