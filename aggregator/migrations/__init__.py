"""The numbered steps that bring a database file to today's schema, oldest first.

The store applies what is pending in one transaction at start: a file has the old schema or the new one,
never something between. A step that was released is never edited, moved or taken out.

To add one: a module `mNNNN_what_it_does.py` with a function `apply(db)`, a line at the end of STEPS, what its
columns are in docs/datasette.yaml (`make reference`), a case in tests/migrations/test_steps.py, and the data
file that your code makes (`python -m tests.migrations.freeze`), which later versions are held to.
`table.transform()` drops triggers without a word: make them again in the same step.
"""

from collections.abc import Callable

from sqlite_utils import Database, Migrations

from aggregator.migrations import (
    m0001_tables,
    m0002_full_text,
    m0003_logins_apart,
    m0004_pace,
    m0005_origin,
    m0006_gists,
    m0007_events,
    m0008_chrome,
    m0009_overrules,
    m0010_link_keys,
    m0011_filters,
    m0012_texts,
    m0013_words,
    m0014_digests,
    m0015_subscriptions,
    m0016_problems,
)

Step = tuple[str, Callable[[Database], None]]

STEPS: tuple[Step, ...] = (
    ("0001_tables", m0001_tables.apply),
    ("0002_full_text", m0002_full_text.apply),
    ("0003_logins_apart", m0003_logins_apart.apply),
    ("0004_pace", m0004_pace.apply),
    ("0005_origin", m0005_origin.apply),
    ("0006_gists", m0006_gists.apply),
    ("0007_events", m0007_events.apply),
    ("0008_chrome", m0008_chrome.apply),
    ("0009_overrules", m0009_overrules.apply),
    ("0010_link_keys", m0010_link_keys.apply),
    ("0011_filters", m0011_filters.apply),
    ("0012_texts", m0012_texts.apply),
    ("0013_words", m0013_words.apply),
    ("0014_digests", m0014_digests.apply),
    ("0015_subscriptions", m0015_subscriptions.apply),
    ("0016_problems", m0016_problems.apply),
)

SCHEMA_VERSION = len(STEPS)
"""What `PRAGMA user_version` says of a file that has seen every step."""


def migrations(steps: tuple[Step, ...] = STEPS) -> Migrations:
    """The steps as sqlite-utils applies and records them."""
    numbered = Migrations("aggregator")
    for name, apply in steps:
        numbered(name=name)(apply)
    return numbered
