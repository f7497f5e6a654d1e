"""What is scraped: names by Prometheus' rules, values that add up, labels that nobody can make up."""

import re
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from aggregator.metrics import Metrics
from aggregator.model import Counts, FeedState, Outcome, Poll, ProblemKind, Standing
from tests.builders import NOON
from tests.monitoring import DASHBOARD, queried


def a_standing() -> Standing:
    """A program with two feeds, one of them dead."""
    counts = Counts(
        feeds={state.value: int(state is FeedState.GONE) + 1 for state in FeedState},
        due=3,
        stories=20,
        entries=30,
        database_bytes=4096,
    )
    return Standing(
        counts=counts,
        under_way=1,
        waiting=2,
        problems={ProblemKind.DEAD_FEED: 1},
        healthy=True,
        disk_free_bytes=5,
        last_ok_at=NOON,
        published_at=NOON,
    )


def scraped(metrics: Metrics) -> dict[str, float]:
    """Every sample as `name{label="value"}`."""
    found = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(a_standing)


def test_polls_are_counted_with_what_they_brought(metrics: Metrics) -> None:
    metrics.polled(
        Poll(
            feed_id=1,
            at=NOON,
            outcome=Outcome.NEW,
            received_bytes=500,
            took_ms=200,
            new_entries=5,
            new_stories=3,
        )
    )
    metrics.polled(Poll(feed_id=1, at=NOON, outcome=Outcome.SKIPPED))

    found = scraped(metrics)
    assert found['aggregator_polls_total{outcome="new"}'] == 1
    assert found['aggregator_polls_total{outcome="skipped"}'] == 1
    assert found['aggregator_polls_total{outcome="failed"}'] == 0
    assert found["aggregator_received_bytes_total"] == 500
    assert (found["aggregator_entries_total"], found["aggregator_stories_total"]) == (5, 3)
    assert found["aggregator_duplicates_total"] == 2
    assert found["aggregator_poll_duration_seconds_count"] == 1
    assert found["aggregator_poll_duration_seconds_sum"] == 0.2


def test_rounds_of_publishing_and_notices_are_counted(metrics: Metrics) -> None:
    metrics.published(timedelta(seconds=0.5), files=4)
    metrics.noticed(taken=True)
    metrics.noticed(taken=False)

    found = scraped(metrics)
    assert found["aggregator_publish_duration_seconds_sum"] == 0.5
    assert found["aggregator_published_files_total"] == 4
    assert found['aggregator_notices_total{outcome="sent"}'] == 1
    assert found['aggregator_notices_total{outcome="failed"}'] == 1


def test_how_things_stand_is_asked_at_each_scrape(metrics: Metrics) -> None:
    found = scraped(metrics)

    assert found['aggregator_feeds{state="gone"}'] == 2
    assert found['aggregator_problems{kind="dead_feed"}'] == 1
    assert found['aggregator_problems{kind="stale"}'] == 0
    assert found["aggregator_healthy"] == 1
    assert (found["aggregator_stored_stories"], found["aggregator_stored_entries"]) == (20, 30)
    assert found["aggregator_last_success_timestamp_seconds"] == NOON.timestamp()


def test_two_programs_in_one_process_share_nothing() -> None:
    one, other = Metrics(a_standing), Metrics(a_standing)
    one.published(timedelta(seconds=1), files=4)

    assert scraped(other)["aggregator_published_files_total"] == 0


def test_before_the_first_poll_there_is_no_time_of_the_last() -> None:
    def fresh() -> Standing:
        standing = a_standing()
        return Standing(
            counts=standing.counts, under_way=0, waiting=0, problems={}, healthy=True, disk_free_bytes=1
        )

    assert "aggregator_last_success_timestamp_seconds" not in scraped(Metrics(fresh))


def test_names_and_units_follow_the_conventions(metrics: Metrics) -> None:
    """https://prometheus.io/docs/practices/naming/."""
    families = list(text_string_to_metric_families(metrics.text().decode()))

    for family in families:
        assert re.fullmatch(r"(aggregator|process)_[a-z0-9_]+", family.name)
        assert family.documentation
        assert not re.search(r"_(ms|milliseconds|kb|mb|minutes|hours|percent)$", family.name)
        totals = [sample.name for sample in family.samples if sample.name.endswith("_total")]
        assert bool(totals) == (family.type == "counter")


def test_no_label_has_values_that_others_make_up(metrics: Metrics) -> None:
    labels = {
        name
        for family in text_string_to_metric_families(metrics.text().decode())
        for sample in family.samples
        for name in sample.labels
    }

    assert labels == {"outcome", "state", "kind", "le", "version", "python"}


def test_no_counter_tells_when_it_began(metrics: Metrics) -> None:
    assert "_created" not in metrics.text().decode()


def test_the_dashboard_queries_only_what_exists(metrics: Metrics) -> None:
    known = {name.partition("{")[0] for name in scraped(metrics)}

    assert queried(DASHBOARD)
    assert queried(DASHBOARD) <= known


def test_each_panel_of_the_dashboard_has_a_title_a_unit_and_a_place_of_its_own() -> None:
    panels = DASHBOARD["panels"]
    places = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]

    assert all(panel["title"] and panel["fieldConfig"]["defaults"]["unit"] for panel in panels)
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len(places) == len(set(places))
    assert max(x for x, _ in places) < 24
