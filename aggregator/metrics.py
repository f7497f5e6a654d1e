"""What a monitoring system may scrape, in the text format of Prometheus and by its rules for names.

Counters count from the start of the process; gauges are read when they are asked for. No label has values
that a feed or a reader could make up. The registry is its owner's: nothing global.

To add one: a line here, and perhaps a panel in docs/grafana-dashboard.json. Its help is its row in
docs/reference/metrics.md (`make reference`).
"""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aggregator import __version__
from aggregator.model import Outcome, Poll, ProblemKind, Standing

POLL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
PUBLISH_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Counts what happens, and asks `standing` for the rest; to be told from one thread, asked from any."""

    def __init__(self, standing: Callable[[], Standing]) -> None:
        self._registry = registry = CollectorRegistry()
        info = Info("aggregator_build", "1; its labels tell the version that runs", registry=registry)
        info.info({"version": __version__, "python": platform.python_version()})
        self._polls = Counter("aggregator_polls", "Polls by how they ended", ["outcome"], registry=registry)
        self._took = Histogram(
            "aggregator_poll_duration_seconds",
            "How long polls took, from the request to the end of the answer",
            buckets=POLL_BUCKETS,
            registry=registry,
        )
        self._received = Counter("aggregator_received_bytes", "Bytes that polls received", registry=registry)
        self._entries = Counter("aggregator_entries", "New entries that polls brought", registry=registry)
        self._stories = Counter("aggregator_stories", "Stories that new entries began", registry=registry)
        self._duplicates = Counter(
            "aggregator_duplicates", "New entries that told a story that was there", registry=registry
        )
        self._publishing = Histogram(
            "aggregator_publish_duration_seconds",
            "How long rounds of rendering and writing outputs took",
            buckets=PUBLISH_BUCKETS,
            registry=registry,
        )
        self._files = Counter("aggregator_published_files", "Files that were written anew", registry=registry)
        self._notices = Counter(
            "aggregator_notices", "Notices by whether anybody took them", ["outcome"], registry=registry
        )
        for outcome in Outcome:  # so that each is there from the start, at zero
            self._polls.labels(outcome.value)
        for taken in ("sent", "failed"):
            self._notices.labels(taken)
        registry.register(_Standing(standing))
        ProcessCollector(registry=registry)

    def polled(self, poll: Poll) -> None:
        """Count a poll and what it brought."""
        self._polls.labels(poll.outcome.value).inc()
        if poll.outcome is not Outcome.SKIPPED:  # nobody was asked
            self._took.observe(poll.took_ms / 1000)
        self._received.inc(poll.received_bytes)
        self._entries.inc(poll.new_entries)
        self._stories.inc(poll.new_stories)
        self._duplicates.inc(max(0, poll.new_entries - poll.new_stories))

    def published(self, took: timedelta, files: int) -> None:
        """Count a round of publishing."""
        self._publishing.observe(took.total_seconds())
        self._files.inc(files)

    def noticed(self, *, taken: bool) -> None:
        """Count a notice."""
        self._notices.labels("sent" if taken else "failed").inc()

    def text(self) -> bytes:
        """All of it, as it is scraped; AggregatorError where the store cannot be asked."""
        return generate_latest(_WithoutBirthdays(self._registry))


@dataclass(frozen=True, slots=True)
class _WithoutBirthdays(Collector):
    """Without when each counter began: a fifth of all samples, and all of them say when the process did."""

    registry: CollectorRegistry

    def collect(self) -> Iterator[Metric]:
        """Every metric."""
        for metric in self.registry.collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


@dataclass(frozen=True, slots=True)
class _Standing(Collector):
    """How things stand at the moment of the scrape."""

    standing: Callable[[], Standing]

    def describe(self) -> Iterator[Metric]:
        """Nothing: the store is asked by a scrape alone."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Every gauge."""
        now = self.standing()
        yield _by("aggregator_feeds", "Feeds by state", "state", dict(now.counts.feeds))
        yield _by(
            "aggregator_problems",
            "Problems that last, by kind",
            "kind",
            {kind.value: now.problems.get(kind, 0) for kind in ProblemKind},
        )
        yield _one("aggregator_healthy", "1 while /healthz is good, 0 while it is not", int(now.healthy))
        yield _one("aggregator_feeds_due", "Feeds whose time to be polled has come", now.counts.due)
        yield _one("aggregator_polls_under_way", "Polls that have begun and not ended", now.under_way)
        yield _one("aggregator_polls_waiting", "Polls that wait for their turn", now.waiting)
        yield _one("aggregator_stored_stories", "Stories in the store", now.counts.stories)
        yield _one("aggregator_stored_entries", "Entries in the store", now.counts.entries)
        yield _one("aggregator_database_bytes", "Size of the database", now.counts.database_bytes)
        yield _one("aggregator_disk_free_bytes", "Room on the disk of the data folder", now.disk_free_bytes)
        yield from _moment(
            "aggregator_last_success",
            "When a feed last answered well; absent before the first",
            now.last_ok_at,
        )
        yield from _moment(
            "aggregator_last_publish",
            "When outputs were last up to date; absent before the first",
            now.published_at,
        )


def _one(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _by(name: str, says: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _moment(name: str, says: str, at: datetime | None) -> Iterator[Metric]:
    """A time, from which a query makes an age; none before there is one."""
    if at:
        yield _one(f"{name}_timestamp_seconds", says, at.timestamp())
