"""Which days and weeks want a digest, and what it says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.core.digests import KEPT, Told, beginning, digest_item, digest_of, due, period_at
from aggregator.core.formats import FORMATS
from aggregator.core.settings import OutputSettings
from aggregator.model import Document, Edition, Origin, Story, Tag
from tests.builders import NOON, a_story, an_entry

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
SECURITY = OutputSettings(name="security", title="Security", digest=Edition.DAILY)
TUESDAY = period_at(Edition.DAILY, NOON)


def story(title: str, *tags: str, url: str | None = "https://a.example/1", lang: str | None = None) -> Story:
    """A story with this title and these tags."""
    told = tuple(Tag(tag, Origin.RULE, tag) for tag in tags)
    return a_story(an_entry(title=title, url=url, lang=lang), tags=told)


def content(*told: Told, tags: tuple[str, ...] = ()) -> str:
    return digest_of(SECURITY, Edition.DAILY, TUESDAY, told, tags).content


@pytest.mark.parametrize(
    ("edition", "moment", "name", "begins", "days", "words"),
    [
        (Edition.DAILY, NOON, "2026-11-24", MIDNIGHT, 1, "24 November 2026"),
        (Edition.DAILY, MIDNIGHT, "2026-11-24", MIDNIGHT, 1, "24 November 2026"),
        (Edition.WEEKLY, NOON, "2026-W48", MIDNIGHT - DAY, 7, "week 48 of 2026"),
        (Edition.WEEKLY, NOON + 5 * DAY, "2026-W48", MIDNIGHT - DAY, 7, "week 48 of 2026"),
        (
            Edition.WEEKLY,
            datetime(2027, 1, 2, tzinfo=UTC),
            "2026-W53",
            datetime(2026, 12, 28, tzinfo=UTC),
            7,
            "week 53 of 2026",
        ),
    ],
    ids=["a day", "from midnight on", "a week from Monday", "to Sunday", "a week of the year before"],
)
def test_periods(
    edition: Edition, moment: datetime, name: str, begins: datetime, days: int, words: str
) -> None:
    assert period_at(edition, moment) == (name, begins, begins + days * DAY, words)


def test_what_is_over_since_the_last_is_due_the_oldest_first() -> None:
    periods = due(Edition.DAILY, MIDNIGHT, NOON + 3 * DAY)

    assert [one.name for one in periods] == ["2026-11-24", "2026-11-25", "2026-11-26"]


@pytest.mark.parametrize(("minutes", "names"), [(9, []), (10, ["2026-11-24"])])
def test_what_was_being_fetched_at_the_end_gets_in(minutes: int, names: list[str]) -> None:
    now = MIDNIGHT + DAY + timedelta(minutes=minutes)

    assert [one.name for one in due(Edition.DAILY, MIDNIGHT, now)] == names


@pytest.mark.parametrize("edition", Edition)
def test_no_more_is_made_up_for_than_is_kept(edition: Edition) -> None:
    now = NOON + 999 * DAY
    periods = list(due(edition, MIDNIGHT, now))

    assert len(periods) == KEPT
    assert period_at(edition, periods[-1].ends) == period_at(edition, now)


def test_the_first_digest_is_that_of_the_period_under_way() -> None:
    before = beginning(SECURITY, Edition.DAILY, NOON)

    assert (before.period, before.content) == ("2026-11-23", "")
    assert [one.name for one in due(Edition.DAILY, before.ends_at, NOON + DAY)] == ["2026-11-24"]


def test_stories_stand_under_the_first_tag_of_the_config_that_they_have() -> None:
    told = [Told(story("One", "energy", "nato"), 3), Told(story("Two"), 2), Told(story("Three", "nato"), 1)]

    assert content(*told, tags=("nato", "energy")) == (
        "<h3>nato</h3>\n<ul>\n"
        '<li><a href="https://a.example/1">One</a> (Example News and 2 more feeds)</li>\n'
        '<li><a href="https://a.example/1">Three</a> (Example News)</li>\n</ul>\n'
        "<h3>Other</h3>\n<ul>\n"
        '<li><a href="https://a.example/1">Two</a> (Example News and 1 more feed)</li>\n</ul>'
    )


def test_a_story_without_a_link_is_named_in_its_language() -> None:
    assert '<li lang="de">Ohne Link (Example News)</li>' in content(
        Told(story("Ohne Link", url=None, lang="de"), 1)
    )


def test_what_strangers_wrote_is_text() -> None:
    wild = story("<script>alert(1)</script>", "a&b", url='https://a.example/"><b>')

    said = content(Told(wild, 1), tags=("a&b",))

    assert "<script" not in said
    assert "<b>" not in said
    assert "<h3>a&amp;b</h3>" in said


def test_its_id_is_made_of_the_first_name_and_the_period() -> None:
    renamed = replace(SECURITY, name="defence", title="Defence", was=("security", "nato"))
    ids = [digest_of(one, Edition.DAILY, TUESDAY, (), ()).id for one in (SECURITY, renamed)]
    other = digest_of(SECURITY, Edition.DAILY, period_at(Edition.DAILY, NOON + DAY), (), ()).id

    assert ids[0] == ids[1] != other


def test_it_is_called_after_its_output_and_dated_at_its_end() -> None:
    item = digest_item(digest_of(SECURITY, Edition.DAILY, TUESDAY, [Told(story("One"), 1)], ()))

    assert item.title == "Security, 24 November 2026"
    assert item.published_at == item.updated_at == item.news_at == MIDNIGHT + DAY


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_shows_all_of_it(suffix: str) -> None:
    told = [Told(story(f"Story number {number}"), 1) for number in range(40)]
    item = digest_item(digest_of(SECURITY, Edition.DAILY, TUESDAY, told, ()))
    document = Document(
        name="security",
        title="Security",
        description="",
        base_url="https://x.example/",
        updated_at=NOON,
        items=(item,),
    )

    body = FORMATS[suffix].render(document, {name: f"https://x.example/security.{name}" for name in FORMATS})

    assert b"Story number 39" in body
