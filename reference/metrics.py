"""Every metric of `/metrics`: its type, its labels with their values, its help (aggregator/metrics.py)."""

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from aggregator.metrics import Metrics
from aggregator.model import Counts, FeedState, Standing
from reference.markdown import code, document, row_anchor, table

_INTRO = """
`/metrics` shows these in the text format of Prometheus, by
[its rules for names](https://prometheus.io/docs/practices/naming/). Counters count from the start of the
process. No label names a feed or anything else that a stranger makes up, so the number of series is fixed:
about a hundred. Beside them stand `process_…` for memory, processor and open files, on Linux. How to scrape
them, an alert and a dashboard stand in [Watch over it](../monitoring.md#metrics).
"""
_THEIRS = ("process_",)
_OF_THE_FORMAT = ("le", "version", "python")
"""labels whose values are no list of ours"""


def page() -> str:
    """The page."""
    rows = ((row_anchor(named(one)), one.type, _labels(one), one.documentation) for one in families())
    return document(
        "Every metric",
        "`aggregator/metrics.py`",
        _INTRO,
        table(("metric", "type", "labels", "tells"), rows),
    )


def families() -> Iterator[Metric]:
    """Every family of ours, with all its series."""
    for one in text_string_to_metric_families(Metrics(_standing).text().decode()):
        if not one.name.startswith(_THEIRS) and not one.name.endswith("_created"):
            yield one


def named(family: Metric) -> str:
    """Its name as it is asked for: a counter ends in `_total`."""
    return f"{family.name}_total" if family.type == "counter" else family.name


def _labels(family: Metric) -> str:
    """Each label once, with its values in the order in which they come."""
    found: dict[str, dict[str, None]] = {}
    for sample in family.samples:
        for label, value in sample.labels.items():
            found.setdefault(label, {})[value] = None
    told = (
        code(label) if label in _OF_THE_FORMAT else f"{code(label)}: {' '.join(map(code, values))}"
        for label, values in found.items()
        if label != "le"
    )
    return ", ".join(told)


def _standing() -> Standing:
    """A program that shows every series there can be."""
    some_day = datetime(2026, 1, 1, tzinfo=UTC)
    counts = Counts(feeds=dict.fromkeys(FeedState, 0), due=0, stories=0, entries=0, database_bytes=0)
    return Standing(
        counts=counts,
        under_way=0,
        waiting=0,
        problems={},
        healthy=True,
        disk_free_bytes=0,
        last_ok_at=some_day,
        published_at=some_day,
    )
