"""Text without what nobody else may read: logins in addresses, tokens in queries, Authorization. Pure.

Knows secrets by where they stand and not by what they are, so it is the last guard and not the first: what
the config calls a secret is never put into a message at all.

To add a place: a row in PLACES, and one in tests/core/test_secrets.py.
"""

import re

HIDDEN = "…"
_NAMES = (
    "access_?token|api_?key|auth|bearer|client_?secret|credentials?|jwt|key|pass|passwd|password|pwd|secret|"
    "session(?:_?id)?|sig|signature|token"
)

PLACES: tuple[tuple[str, str], ...] = (
    # user and password of an address (RFC 3986 §3.2.1)
    (r"(?P<before>[a-z][a-z0-9+.-]*://)[^\s/?#'\"<>]+@", rf"\g<before>{HIDDEN}@"),
    # a parameter of a query whose name says so
    (rf"(?P<before>[?&;](?:{_NAMES})=)[^\s&;#'\"<>]+", rf"\g<before>{HIDDEN}"),
    # what a request says of who asks (RFC 9110 §11.6), as a header or in a mapping
    (
        r"(?P<before>(?:proxy-)?authorization['\"]?\s*[:=]\s*['\"]?)(?:(?:basic|bearer|digest|token)\s+)?[^\s'\",}]+",
        rf"\g<before>{HIDDEN}",
    ),
    (r"(?P<before>\b(?:basic|bearer)\s+)[a-z0-9+/=._~-]{8,}", rf"\g<before>{HIDDEN}"),
    # the address of a private output
    (r"(?P<before>\bprivate/)[^\s/?#'\"<>]+/", rf"\g<before>{HIDDEN}/"),
)
"""Patterns, without regard to case, and what is left of what they find."""

_PLACES = tuple((re.compile(pattern, re.IGNORECASE), left) for pattern, left in PLACES)


def without_secrets(text: str) -> str:
    """The same text, with … where a secret stood."""
    for pattern, left in _PLACES:
        text = pattern.sub(left, text)
    return text
