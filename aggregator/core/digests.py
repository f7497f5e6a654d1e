"""One item for a day or a week: which periods want one, and what it says. Pure.

A digest is made once, when its period is over, and stored: what becomes of its stories later changes nothing.
Periods are days and ISO 8601 weeks in UTC; a story belongs to that of its news time.

To change how a digest reads: `_section` and `_line`.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from aggregator.core.formats.markup import element, escaped, language, uri, wrapped
from aggregator.core.items import title_of
from aggregator.core.settings import OutputSettings
from aggregator.core.text import counted
from aggregator.model import Digest, Edition, Item, Story

KEPT = 30  # digests of one output
GRACE = timedelta(minutes=10)  # until what was fetched before the end is stored and judged
OTHER = "Other"
_IDS = uuid.UUID("0d4b8f3a-2a7e-5f7c-8c55-5a3e9f1c7b20")


class Period(NamedTuple):
    """A day (`2026-11-24`) or a week (`2026-W48`); `words` are what its digest is called after."""

    name: str
    begins: datetime
    ends: datetime
    words: str


class Told(NamedTuple):
    """A story that a digest names, and how many feeds tell it, or its event."""

    story: Story
    feeds: int


def period_at(edition: Edition, moment: datetime) -> Period:
    """The day or week of this moment."""
    day = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    if edition is Edition.DAILY:
        return Period(f"{day:%Y-%m-%d}", day, day + timedelta(days=1), f"{day.day} {day:%B %Y}")
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Period(f"{year}-W{week:02}", monday, monday + timedelta(days=7), f"week {week} of {year}")


def due(edition: Edition, last_ended: datetime, now: datetime) -> Iterator[Period]:
    """The periods after `last_ended` that are over, the oldest first; no more than are kept."""
    longest = (timedelta(days=1) if edition is Edition.DAILY else timedelta(days=7)) * KEPT
    period = period_at(edition, max(last_ended, now - longest))
    while period.ends + GRACE <= now:
        yield period
        period = period_at(edition, period.ends)


def beginning(output: OutputSettings, edition: Edition, now: datetime) -> Digest:
    """What stands for the time before an output: its first digest is that of the period under way."""
    before = period_at(edition, period_at(edition, now).begins - timedelta(days=1))
    return digest_of(output, edition, before, (), ())


def digest_of(
    output: OutputSettings, edition: Edition, period: Period, told: Sequence[Told], tags: Sequence[str]
) -> Digest:
    """The digest of these stories, grouped by the first of these tags that each has; empty without stories.

    Its id is made of the output's first name and the period.
    """
    return Digest(
        output=output.origin,
        edition=edition,
        period=period.name,
        id=str(uuid.uuid5(_IDS, f"{output.origin} {period.name}")),
        source=output.title,
        title=f"{output.title}, {period.words}",
        content="\n".join(_sections(told, tags)),
        ends_at=period.ends,
    )


def digest_item(digest: Digest) -> Item:
    """The item of an output that the digest is."""
    return Item(
        id=f"urn:uuid:{digest.id}",
        url=None,
        title=digest.title,
        author="",
        summary="",
        content=digest.content,
        lang="en",
        published_at=digest.ends_at,
        updated_at=digest.ends_at,
        news_at=digest.ends_at,
        feed_title=digest.source,
        whole=True,
    )


def _sections(told: Sequence[Told], tags: Sequence[str]) -> Iterator[str]:
    """A heading and a list for each tag, in their order, what has none of them last."""
    weights = {tag: weight for weight, tag in enumerate(tags)}

    def weight(one: Told) -> int:
        return min((weights[tag.name] for tag in one.story.tags if tag.name in weights), default=len(tags))

    for place, group in groupby(sorted(told, key=weight), key=weight):
        yield _section([*tags, OTHER][place], group)


def _section(heading: str, told: Iterable[Told]) -> str:
    lines = "\n".join(_line(one) for one in told)
    return f"{element('h3', heading)}\n<ul>\n{lines}\n</ul>"


def _line(one: Told) -> str:
    """`Title (Example News and 3 more feeds)`, the title a link where the story has one."""
    lead, link = one.story.lead, uri(one.story.lead.url)
    title = element("a", title_of(lead), href=link) if link else escaped(title_of(lead))
    others = f" and {counted(one.feeds - 1, 'more feed')}" if one.feeds > 1 else ""
    told_by = escaped(f"({lead.feed_title or lead.feed_url}{others})")
    return wrapped("li", f"{title} {told_by}", lang=language(lead.lang))
