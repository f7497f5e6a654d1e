"""Writing XML and HTML: escaping, and leaving out what no reader could make sense of.

Everything that came from outside passes through `element` or `escaped`; nothing else writes text.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from html import escape
from html.entities import name2codepoint

from aggregator.core.text import clean_text
from aggregator.core.urls import absolute
from aggregator.model import Enclosure

# ISO 639-1: what xml:lang may begin with and every validator knows (RFC 5646 §2.2.1).
LANGUAGES = frozenset(
    re.findall(
        "..",
        "aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofr"
        "fygagdglgngugvhahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnlo"
        "ltlulvmgmhmimkmlmnmrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsdsesgsiskslsm"
        "snsosqsrssstsusvswtatetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyozazhzu",
    )
)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}", re.IGNORECASE)
_SUBTAGS = re.compile(r"(?:-[A-Za-z0-9]{2,8})*")
_NUMBERED = re.compile(r"https?://(?:[^/?#@]*@)?\[", re.IGNORECASE)
_ENTITY = re.compile(r"&(#?\w+)")
UNKNOWN_TYPE = "application/octet-stream"


def escaped(text: str) -> str:
    """The text as XML and HTML may hold it, between tags and in attributes."""
    return escape(clean_text(text))


def element(name: str, text: str | None = None, /, **attributes: str | None) -> str:
    """`<name …>text</name>`, escaped; attributes that are None are left out. `xml_lang` is `xml:lang`."""
    return wrapped(name, None if text is None else escaped(text), **attributes)


def wrapped(name: str, markup: str | None, /, **attributes: str | None) -> str:
    """`<name …>` around what is markup already."""
    said = "".join(
        f' {key.rstrip("_").replace("_", ":")}="{escaped(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}/>" if markup is None else f"<{name}{said}>{markup}</{name}>"


def nested(name: str, children: Iterable[str], /, **attributes: str | None) -> str:
    """The same around elements, each on a line of its own."""
    return wrapped(name, "\n" + "".join(f"{child}\n" for child in children if child), **attributes)


def sure_text(text: str) -> str:
    """Plain text, on one line, for a place that readers may take for HTML: `&`, `<`, `>` as hexadecimal.

    That is what the RSS Advisory Board's profile found most readers to show rightly.
    """
    plain = " ".join(clean_text(text).split())
    return plain.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")


def xml_document(root: str) -> bytes:
    """A whole XML document in UTF-8."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{root}\n'.encode()


def rfc3339(moment: datetime) -> str:
    """`2026-11-24T08:00:00Z` (RFC 3339 §5.6)."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}".rjust(20, "0")


def clock(moment: datetime) -> str:
    """`24 Nov 2026, 08:00 UTC`, for people; where scripts run, a page shows it in the zone of who reads."""
    return f"{moment:%d %b %Y, %H:%M} UTC"


def rfc822(moment: datetime) -> str:
    """`Tue, 24 Nov 2026 08:00:00 GMT` (RFC 5322 §3.3, as RSS asks)."""
    return format_datetime(moment, usegmt=True)


def language(tag: str | None) -> str | None:
    """The language tag in its usual form (RFC 5646); None where it is none."""
    code, dash, rest = (tag or "").strip().replace("_", "-").partition("-")
    known = code.lower() in LANGUAGES and _SUBTAGS.fullmatch(dash + rest)
    return code.lower() + dash + rest if known else None


def uri(address: str | None) -> str | None:
    """The address if it is a web address that can stand in a feed."""
    return absolute(address, "") if address else None


def older_uri(address: str | None) -> str | None:
    """The address where it is one by RFC 2396 too, which validators hold links to: no IPv6 in brackets."""
    found = uri(address)
    return None if found and _NUMBERED.match(found) else found


def media_type(enclosure: Enclosure) -> str:
    """The enclosure's type (RFC 6838 §4.2) without parameters; a safe one where the feed's makes no sense."""
    said = (enclosure.type or "").partition(";")[0].strip()
    return said.lower() if _MEDIA_TYPE.fullmatch(said) else UNKNOWN_TYPE


def label(text: str) -> str | None:
    """Plain text for an attribute that is no place for markup: what readers could take for some is left out.

    None where nothing is left. The rule for entities is the W3C validator's (ContainsHTML).
    """
    plain = _ENTITY.sub(_no_entity, clean_text(text).replace("<", " ").replace(">", " "))
    return " ".join(plain.split()) or None


def _no_entity(found: re.Match[str]) -> str:
    name = found[1]
    return found[0] if name.isalpha() and name not in name2codepoint and name != "apos" else f" {name}"
