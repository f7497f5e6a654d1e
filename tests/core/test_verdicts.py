"""Why an output shows a story or not: every clause, judged."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.coverage import event_of_story
from aggregator.core.filters import Explanation, any_of, parse_filter
from aggregator.core.listing import Shown, listing_of
from aggregator.core.settings import OutputSettings, Settings, TagRule
from aggregator.core.tagging import rules_explained
from aggregator.core.verdicts import OutputVerdict, explain
from aggregator.model import Edition, Group, Order, Origin, Story, Tag
from aggregator.patterns import timed_search
from tests.builders import FEED_URL, NOON, a_story

DAM = a_story()
HOUR = timedelta(hours=1)


def verdict(story: Story = DAM, *, shown: tuple[Shown, ...] = (), **changes: Any) -> OutputVerdict:
    """What an output with these settings says."""
    output = OutputSettings(name="all", title="All", **changes)
    (found,) = explain(
        Settings(outputs=(output,)), story, now=NOON, search=timed_search, shown={"all": shown}
    )
    return found


def plainly(tree: Explanation) -> Any:
    """The tree as (verdict, clause, children)."""
    said = (tree.verdict, tree.clause)
    return (*said, [plainly(child) for child in tree.children]) if tree.children else said


def item(number: int, hours: int = 1, feed: str = FEED_URL) -> Shown:
    return Shown(f"item-{number}", feed, NOON + hours * HOUR)


def test_every_clause_is_judged_also_those_that_no_longer_matter() -> None:
    include = any_of([parse_filter("dam -sport"), parse_filter("gas")])

    found = verdict(include=include, exclude=parse_filter("valley"), max_age=HOUR, min_feeds=2)

    assert (found.taken, found.clause) == (False, "exclude: valley")
    assert plainly(found.tree) == (
        False,
        "output all",
        [
            (
                True,
                "include: (dam -sport) OR (gas)",
                [(True, "dam -sport", [(True, "dam"), (True, "-sport", [(False, "sport")])]), (False, "gas")],
            ),
            (True, "exclude: valley"),
            (True, "max_age: 1 h"),
            (False, "min_feeds: 2"),
        ],
    )


@pytest.mark.parametrize(
    ("shown", "limits", "clause"),
    [
        ((), {"limit": 1}, "takes everything"),
        ((item(1),), {"limit": 2}, "takes everything"),
        ((item(1),), {"limit": 1}, "beyond the first 1 (limit)"),
        ((item(1, hours=0),), {"limit": 1}, "beyond the first 1 (limit)"),
        ((item(1, hours=-1),), {"limit": 1}, "takes everything"),
        ((item(1),), {"limit": 1, "digest": Edition.DAILY}, "takes everything"),
        ((item(1, hours=-1),), {"limit": 1, "order": Order.COVERAGE}, "beyond the first 1 (limit)"),
        ((item(1), Shown(DAM.id, FEED_URL, NOON)), {"limit": 2}, "takes everything"),
        ((item(1), item(2)), {"per_feed": 2}, "beyond the first 2 of its feed (per_feed)"),
        ((item(1), item(2, feed="https://b.example/")), {"per_feed": 2}, "takes everything"),
        ((item(1), Shown(DAM.id, FEED_URL, NOON)), {"per_feed": 1}, "takes everything"),
        ((item(1),), {"limit": 1, "group": Group.EVENT}, "beyond the first 1 (limit)"),
        (
            (Shown(event_of_story(DAM), FEED_URL, NOON),),
            {"limit": 1, "group": Group.EVENT},
            "takes everything",
        ),
        ((Shown(DAM.lead_uid, FEED_URL, NOON),), {"limit": 1, "group": Group.NONE}, "takes everything"),
    ],
    ids=[
        "nothing is known of what is shown",
        "there is room",
        "newer ones fill it",
        "one of the same second fills it",
        "it is the newest and only not shown yet",
        "a digest holds other items",
        "it is the newest, and others weigh more",
        "it is shown",
        "its feed has its share",
        "another feed has",
        "it is in its feed's share",
        "as an event it is not shown",
        "as an event it is",
        "as an entry it is",
    ],
)
def test_what_other_stories_take_up_is_told(
    shown: tuple[Shown, ...], limits: dict[str, Any], clause: str
) -> None:
    found = verdict(shown=shown, **limits)

    assert (found.clause, found.taken) == (clause, clause == "takes everything")


def test_an_event_counts_for_the_feed_that_leads_it() -> None:
    lead = replace(DAM, entries=(replace(DAM.lead, feed_id=7),))
    output = OutputSettings(name="all", title="All", group=Group.EVENT, per_feed=1)

    (found,) = explain(
        Settings(outputs=(output,)),
        DAM,
        now=NOON,
        search=timed_search,
        event=(replace(DAM, seq=9), lead),
        shown={"all": (item(1),)},
    )

    assert found.clause == "beyond the first 1 of its feed (per_feed)"


def test_an_output_reads_back_as_it_was_written() -> None:
    ours = {"feed_url": "https://x.example/", "news_at": "2026-11-24T12:00:00Z"}
    told = {"items": [{"id": "urn:uuid:a", "_aggregator": ours}]}

    assert listing_of(json.dumps(told).encode()) == (Shown("a", "https://x.example/", NOON),)


def test_rules_that_fit_are_explained_and_see_those_before_them() -> None:
    rules = [
        TagRule(name=name, rule=parse_filter(rule))
        for name, rule in [("water", "dam"), ("wet", "tag:water tag:own -sport"), ("dry", "sand")]
    ]
    story = replace(DAM, tags=(Tag("own", Origin.FEED), Tag("water", Origin.RULE, "dam")))

    found = rules_explained(story, rules, now=NOON, search=timed_search)

    assert list(found) == ["water", "wet"]
    assert plainly(found["wet"])[2][0] == (True, "tag:water")
