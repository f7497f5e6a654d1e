"""The sample papers: who prints what, and when, read from feeds/*.toml.

Invented news from invented places. A piece is the paper's own, a `copy` of another paper's piece (wire copy:
the same words at an address of its own), or a `link` to one (the other's address, with tracking parameters).
No I/O but reading the package's own files; knows nothing of HTTP or of feed formats.

To add a paper: a file in feeds/ (its name is the paper's address), and a line in defaults/demo.yaml.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class Timeline:
    """When the demo began, and how many times faster than the clock its script runs."""

    start: datetime
    pace: float = 1.0

    def moment(self, offset: timedelta) -> datetime:
        """When something happens that the script places `offset` after (or before) the start."""
        return self.start + (offset / self.pace if offset > timedelta(0) else offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One item of a paper. `path` is its article's address on the demo site, without the leading slash."""

    slug: str
    path: str
    at: timedelta
    title: str
    lead: str
    by: str = ""
    categories: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    """further paragraphs, as HTML"""
    audio: bool = False
    is_link: bool = False
    """the article is another paper's"""
    edited_at: timedelta | None = None
    edited_title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A publication and everything it will ever print. `feed` is its feed's file name."""

    name: str
    title: str
    tagline: str
    language: str
    format: str
    feed: str
    encoding: str = "utf-8"
    full: bool = True
    """the whole text in the feed, not only the lead"""
    tracking: str = ""
    """what its feed appends to every link, for its own statistics"""
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A piece as it stands at a moment."""

    piece: Piece
    title: str
    published_at: datetime
    updated_at: datetime


def papers() -> Mapping[str, Paper]:
    """Every sample paper by its name, in the order of the names."""
    return _papers()


def printed(paper: Paper, *, now: datetime, timeline: Timeline) -> tuple[Printed, ...]:
    """What the paper has published by `now`, newest first, with edits that were made by then."""
    shown = [_as_it_stands(piece, now=now, timeline=timeline) for piece in paper.pieces]
    return tuple(sorted((one for one in shown if one), key=lambda one: one.published_at, reverse=True))


def offset_of(text: str) -> timedelta:
    """`-1d 3h` or `+45s` as a duration; ValueError for anything else."""
    if not re.fullmatch(r"[+-](\d+[smhd])( \d+[smhd])*", text):
        raise ValueError(text)
    parts = {_UNITS[part[-1]]: int(part[:-1]) for part in text[1:].split()}
    return timedelta(**parts) * (-1 if text[0] == "-" else 1)


def _as_it_stands(piece: Piece, *, now: datetime, timeline: Timeline) -> Printed | None:
    published_at = timeline.moment(piece.at)
    if published_at > now:
        return None
    edited_at = timeline.moment(piece.edited_at) if piece.edited_at is not None else None
    if edited_at is None or edited_at > now:
        return Printed(piece=piece, title=piece.title, published_at=published_at, updated_at=published_at)
    return Printed(piece=piece, title=piece.edited_title, published_at=published_at, updated_at=edited_at)


@cache
def _papers() -> Mapping[str, Paper]:
    folder = files("aggregator.demo") / "feeds"
    sources = sorted(
        (one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name
    )
    written = {one.name.removesuffix(".toml"): tomllib.loads(one.read_text("utf-8")) for one in sources}
    return {name: _paper(name, written) for name in written}


def _paper(name: str, written: Mapping[str, Mapping[str, Any]]) -> Paper:
    header = {key: value for key, value in written[name].items() if key != "item"}
    return Paper(
        name=name, pieces=tuple(_piece(name, item, written) for item in written[name]["item"]), **header
    )


def _piece(name: str, item: Mapping[str, Any], written: Mapping[str, Mapping[str, Any]]) -> Piece:
    source = item.get("copy") or item.get("link")
    if source is None:
        return _own_piece(name, item)
    told = _told(source, written)
    piece = replace(
        told,
        path=told.path if "link" in item else f"{name}/{told.slug}",
        at=offset_of(item["at"]),
        title=item.get("title", told.title),
        lead=item.get("note", told.lead),
        text=() if "note" in item else told.text,
        by=item.get("by", told.by),
        is_link="link" in item,
        edited_at=None,
    )
    return replace(piece, categories=tuple(item["tags"])) if "tags" in item else piece


def _told(source: str, written: Mapping[str, Mapping[str, Any]]) -> Piece:
    """The piece that `paper/slug` names; it must be that paper's own."""
    name, slug = source.split("/")
    return next(_own_piece(name, item) for item in written[name]["item"] if item.get("slug") == slug)


def _own_piece(name: str, item: Mapping[str, Any]) -> Piece:
    edit = item.get("edit")
    return Piece(
        slug=item["slug"],
        path=f"{name}/{item['slug']}",
        at=offset_of(item["at"]),
        title=item["title"],
        lead=item["lead"],
        by=item.get("by", ""),
        categories=tuple(item.get("tags", ())),
        text=tuple(item.get("text", ())),
        audio=item.get("audio", False),
        edited_at=offset_of(edit["at"]) if edit else None,
        edited_title=edit["title"] if edit else "",
    )
