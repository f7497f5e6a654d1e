"""One entry as feedparser gives it → one entry of ours. Reads values only; knows no library.

Feedparser's dictionary is read as a plain one (its own look-ups warn and guess). It was given no base
address, so that guids stay as the feed wrote them; links are resolved here, against xml:base and the
feed's address.

To read another element: find feedparser's name for it (lower case, `prefix_name`), and add it where the
field of ours is made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.core.urls import absolute
from aggregator.model import Enclosure, ParsedEntry
from aggregator.parse import fields
from aggregator.parse.dates import read_date
from aggregator.parse.html import from_plain, looks_like_markup, one_line, safe_html
from aggregator.parse.limits import Note
from aggregator.parse.markup import tidy

Node = Mapping[str, Any]

_HTML = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_PLAIN = frozenset({"text/plain", "text", "plain", ""})
_PUBLISHED = ("published", "created")
_UPDATED = ("updated",)


@dataclass(frozen=True, slots=True)
class Context:
    """What an entry inherits from its document."""

    url: str
    format: str
    lang: str | None

    @property
    def is_atom(self) -> bool:
        """Whether text says of what kind it is, and an id may be an address."""
        return self.format.startswith("atom")


def read_entry(node: Node, context: Context, note: Note) -> ParsedEntry:
    """The entry, cleaned; what is missing or unusable in it is left out, never guessed."""
    guid = tidy(node.get("id") or "").strip() or None
    url = _link(node, guid, context)
    summary, content = _texts(node, url, context)
    published, updated = _date(node, _PUBLISHED, context, note), _date(node, _UPDATED, context, note)
    return ParsedEntry(
        guid=guid,
        url=url,
        title=_title(node, context),
        summary=summary,
        content=content,
        author=_author(node),
        lang=_lang(node) or context.lang,
        published_at=published or updated,  # Atom's published is optional, and dc:date is called an update
        updated_at=updated,
        categories=_categories(node),
        enclosures=_enclosures(node, context.url),
        image=_image(node, context.url),
        about=_about(node, context),
    )


# -- address ----------------------------------------------------------------------------------------------


def _link(node: Node, guid: str | None, context: Context) -> str | None:
    """The entry's page: the original behind a proxy, the alternate link, or a guid that is a permalink."""
    origin = str(node.get("feedburner_origlink") or "").strip()
    own = absolute(origin, context.url) if origin else None
    return own or page(node, context) or _permalink(node, guid, context)


def page(node: Node, context: Context) -> str | None:
    """The first alternate link that is usable; of several, those to HTML go first."""
    alternates = [link for link in _links(node, "alternate") if link.get("href", "").strip()]
    alternates.sort(key=lambda link: link.get("type") not in _HTML)
    found = (absolute(link["href"], context.url) for link in alternates)
    return next((url for url in found if url), None)


def _permalink(node: Node, guid: str | None, context: Context) -> str | None:
    """The guid where it is an address and may be taken for one (RSS 2.0: isPermaLink is not false)."""
    allowed = context.is_atom or node.get("guidislink")
    usable = guid and guid.lower().startswith(("http://", "https://"))
    return absolute(guid, context.url) if guid and allowed and usable else None


def _about(node: Node, context: Context) -> str | None:
    """What the entry points to: link blogs name it with `related`; several of these are further reading."""
    related = {absolute(str(link.get("href") or ""), context.url) for link in _links(node, "related")}
    return related.pop() if len(related) == 1 else None


def _links(node: Node, rel: str) -> list[Node]:
    """Links of one relation, whose name may be written as IANA's address (RFC 4287 §4.2.7.2)."""
    return [link for link in node.get("links") or () if _rel(link) == rel]


def _rel(link: Node) -> str:
    return str(link.get("rel") or "alternate").rsplit("/", 1)[-1].lower()


# -- text -------------------------------------------------------------------------------------------------


def _title(node: Node, context: Context) -> str:
    return plain(node.get("title") or "", node.get("title_detail") or {}, context)


def plain(value: str, detail: Node, context: Context) -> str:
    """A title as plain text. Atom says whether it is HTML; in RSS feedparser found out by looking."""
    kind = str(detail.get("type") or "")
    return one_line(value, markup=kind in _HTML and (context.is_atom or looks_like_markup(value)))


def _texts(node: Node, url: str | None, context: Context) -> tuple[str, str]:
    """(summary, content): the fullest text is the content; a shorter one beside it the summary."""
    short = _Text(str(node.get("summary") or ""), node.get("summary_detail") or {})
    texts = [_Text(str(part.get("value") or ""), part) for part in node.get("content") or ()]
    texts = [text for text in [*texts, short] if text.value.strip() and text.readable]
    if not texts:
        return "", ""
    fullest = max(texts, key=lambda text: len(text.value))
    others = [text for text in texts if text.value.strip() != fullest.value.strip()]
    summary = short if short in others else others[0] if others else None
    page = None if context.is_atom else url  # RSS names no base; its authors mean the page of the item
    base = page or context.url
    return summary.safe(base, context.url) if summary else "", fullest.safe(base, context.url)


@dataclass(frozen=True, slots=True)
class _Text:
    """A piece of an entry's text, and what feedparser says about it: type, base, language."""

    value: str
    detail: Node

    @property
    def kind(self) -> str:
        return str(self.detail.get("type") or "text/html")

    @property
    def readable(self) -> bool:
        """Whether it is text at all; Atom content may be an image in base64 (RFC 4287 §4.1.3.3)."""
        return self.kind in _HTML or self.kind in _PLAIN or self.kind.startswith("text/")

    def safe(self, base: str, feed_url: str) -> str:
        """As safe HTML, its relative links resolved against xml:base where it has one."""
        if self.kind not in _HTML:
            return from_plain(self.value)
        own = self.detail.get("base")
        return safe_html(self.value, (absolute(own, feed_url) if own else None) or base)


# -- the rest ---------------------------------------------------------------------------------------------


def _author(node: Node) -> str:
    """All authors' names, joined by commas, without their addresses."""
    people = [person for person in node.get("authors") or () if person]
    names = [fields.person(str(one.get("name") or ""), str(one.get("email") or "")) for one in people]
    return ", ".join(_once(names)) or fields.person(str(node.get("author") or ""), "")


def _categories(node: Node) -> tuple[str, ...]:
    """What people read in a category; machine names that are addresses say nothing to them."""
    found = (str(tag.get("label") or tag.get("term") or "") for tag in node.get("tags") or ())
    names = (fields.phrase(name) for name in found)
    return tuple(_once(name for name in names if not name.startswith(("http://", "https://"))))


def _once(names: Iterable[str]) -> list[str]:
    """The names that are not empty, each once, whatever its case."""
    first: dict[str, str] = {}
    for name in names:
        if name:
            first.setdefault(name.casefold(), name)
    return list(first.values())


def _lang(node: Node) -> str | None:
    parts = [node.get("title_detail"), *(node.get("content") or ()), node.get("summary_detail")]
    found = (fields.language(part.get("language")) for part in parts if part)
    return fields.language(node.get("language")) or next((lang for lang in found if lang), None)


def _date(node: Node, names: Sequence[str], context: Context, note: Note) -> datetime | None:
    """The first of these dates that is one."""
    for name in names:
        text = str(node.get(name) or "").strip()
        if not text:
            continue
        american = context.lang == "en-us"
        moment = read_date(text, fallback=node.get(f"{name}_parsed"), month_first=american)
        if moment:
            return moment
        note(f"no readable date '{text[:60]}'")
    return None


def _enclosures(node: Node, base: str) -> tuple[Enclosure, ...]:
    """Files that belong to the entry, each once: enclosures first, then media that are no pictures."""
    links = [(link.get("href"), link) for link in _links(node, "enclosure")]
    media = [(part.get("url"), part) for part in node.get("media_content") or () if not _is_picture(part)]
    return fields.enclosures(
        ((url, part.get("type"), part.get("length") or part.get("filesize")) for url, part in links + media),
        base,
    )


def _is_picture(media: Node) -> bool:
    """Whether a media:content is an image (Media RSS: `medium`, else the type, else the name)."""
    medium, kind = str(media.get("medium") or ""), str(media.get("type") or "")
    if medium or kind:
        return medium == "image" or kind.startswith("image")
    name = str(media.get("url") or "").split("?")[0].lower()
    return name.endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")) or bool(media.get("width"))


def _image(node: Node, base: str) -> str | None:
    """The picture that stands for the entry: thumbnail, media, iTunes, an image that is enclosed."""
    image = node.get("image")
    candidates = [
        *(part.get("url") for part in node.get("media_thumbnail") or ()),
        *(part.get("url") for part in node.get("media_content") or () if _is_picture(part)),
        image.get("href") if isinstance(image, Mapping) else None,
        *(
            link.get("href")
            for link in _links(node, "enclosure")
            if str(link.get("type")).startswith("image/")
        ),
    ]
    found = (absolute(str(url), base) for url in candidates if url)
    return next((url for url in found if url), None)
