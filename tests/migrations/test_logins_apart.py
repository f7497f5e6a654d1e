"""A data folder from before keeps its feeds, without the logins in their addresses."""

from contextlib import closing
from pathlib import Path

from aggregator.migrations import STEPS
from aggregator.store.connection import DATABASE_NAME, open_writer

BEFORE = tuple(step for step in STEPS if step[0] < "0003")
COLUMNS = "url, config_url, site_url, validators_url, moved_to"


def migrated(path: Path, *rows: tuple[str | None, ...]) -> list[tuple[str | None, ...]]:
    with closing(open_writer(path, BEFORE)) as conn:
        for row in rows:
            conn.execute(f"INSERT INTO feeds ({COLUMNS}, state) VALUES (?, ?, ?, ?, ?, 'active')", row)
        conn.commit()
    with closing(open_writer(path)) as conn:
        return [tuple(row) for row in conn.execute(f"SELECT {COLUMNS} FROM feeds ORDER BY id").fetchall()]


def test_logins_are_taken_out_of_every_address_of_a_feed(tmp_path: Path) -> None:
    secret = "https://me:pa@ss@example.org/rss?a=b@c"
    bare = "https://example.org/rss?a=b@c"

    assert migrated(tmp_path / DATABASE_NAME, (secret,) * 5) == [(bare,) * 5]


def test_an_address_without_a_login_stays_as_it_is(tmp_path: Path) -> None:
    row = ("https://example.org/@me", "https://example.org/@me", None, None, None)

    assert migrated(tmp_path / DATABASE_NAME, row) == [row]


def test_two_feeds_that_differ_in_nothing_but_their_logins_both_stay(tmp_path: Path) -> None:
    urls = ("https://me:a@example.org/", "https://you:b@example.org/", "https://example.org/")

    rows = migrated(tmp_path / DATABASE_NAME, *((url, url, None, None, None) for url in urls))

    assert [row[0] for row in rows] == ["https://example.org/"] * 3
    assert [row[1] for row in rows] == [
        "https://example.org/#1",
        "https://example.org/#2",
        "https://example.org/",
    ]
