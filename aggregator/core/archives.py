"""The archive of an output (RFC 5005 §4): what it shows no more, a hundred items a page. Pure.

A page is a stretch of one week, counted from the week's first item, and named by where it begins and ends:
where it grows it has another name, so what is behind a name stays as it was while news comes in. It changes
only as its stories do: one that is edited, removed, or comes late to an old week.

Outputs in another order than that of time, or that leave something out on purpose, have none.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from aggregator.core.selection import Place, Ranking
from aggregator.core.settings import OutputSettings
from aggregator.model import Order

SIZE = 100
WEEK = timedelta(weeks=1)
FORMATS = ("atom", "rss", "json")  # of which a reader can ask for pages
MARK = ".archive-"  # between the name of an output and that of a page
_NAME = re.compile(r"(?!9999)(\d{4})-W(\d\d)-(\d{1,7})-(\d{1,7})", re.ASCII)
"""no week ends after the last year that a date can have"""


class Page(NamedTuple):
    """A page by its week's Monday and the numbers of its first and last item in that week."""

    monday: date
    first: int
    last: int

    @property
    def name(self) -> str:
        """`2026-W47-101-200`."""
        year, week, _ = self.monday.isocalendar()
        return f"{year:04}-W{week:02}-{self.first}-{self.last}"


def page_named(name: str) -> Page | None:
    """The page with this name; None where it can be none of ours."""
    found = _NAME.fullmatch(name)
    if not found:
        return None
    year, week, first, last = map(int, found.groups())
    try:
        page = Page(date.fromisocalendar(year, week, 1), first, last)
    except ValueError:
        return None
    return page if page.name == name and first == _first(last) else None


def page_before(output: OutputSettings, ranking: Ranking, place: Place) -> Page | None:
    """The page that ends with the newest item older than this one; None where nothing is older."""
    older = ranking.newest_before(place, output.min_feeds) if has_archive(output) else None
    if older is None:
        return None
    moment = older.news_at.astimezone(UTC).date()
    monday = moment - timedelta(days=moment.weekday())
    last = ranking.count(_begins(monday), older, output.min_feeds)
    return Page(monday, _first(last), last)


def places_on(output: OutputSettings, ranking: Ranking, page: Page) -> list[Place]:
    """What stands on the page, the newest first; nothing where there is no such page."""
    if not has_archive(output):
        return []
    begin = _begins(page.monday)
    week = ranking.told_by(begin, begin + WEEK, output.min_feeds)
    return week[page.first - 1 : page.last][::-1]


def has_archive(output: OutputSettings) -> bool:
    """Whether what it shows no more stands on pages of its own."""
    if output.digest:
        return False
    return output.order is Order.NEWEST and output.per_feed is None and not output.token


def _begins(monday: date) -> datetime:
    return datetime.combine(monday, time(), UTC)


def _first(last: int) -> int:
    """The number of the first item on the page that ends with this one."""
    return (last - 1) // SIZE * SIZE + 1
