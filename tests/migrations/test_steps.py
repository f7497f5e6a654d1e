"""The steps make today's schema of whatever a file was: all of it or nothing, and once."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from aggregator.migrations import SCHEMA_VERSION, STEPS, Step
from aggregator.store.connection import APPLICATION_ID, DATABASE_NAME, Connection, open_writer

SCHEMA = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"

PUBLIC = {"feeds", "entries", "stories", "story_tags", "events", "polls", "stories_fts"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database can be made."""
    return tmp_path / DATABASE_NAME


def schema(conn: Connection) -> list[tuple[str, ...]]:
    """Everything that the file declares."""
    return [tuple(row) for row in conn.execute(SCHEMA).fetchall()]


def number(conn: Connection, pragma: str) -> object:
    """What this pragma says."""
    return conn.execute(f"PRAGMA {pragma}").fetchone()[0]


def add_colour(db: Database) -> None:
    """A step as a later release may have it."""
    db.executescript("ALTER TABLE feeds ADD COLUMN colour TEXT; CREATE TABLE colours (name TEXT);")


def break_half_way(db: Database) -> None:
    """A step that changes something and then fails."""
    db.executescript("CREATE TABLE half (name TEXT); DROP TABLE events;")
    db.execute("SELECT * FROM nowhere")


def orphan_a_poll(db: Database) -> None:
    """A step that leaves a row without its parent."""
    db.execute("INSERT INTO polls (feed_id, at, outcome) VALUES (99, '', 'new')")


def test_nothing_becomes_todays_schema_with_our_marks_on_it(path: Path) -> None:
    with closing(open_writer(path)) as conn:
        tables = {name for kind, name, _ in schema(conn) if kind == "table"}

        assert tables >= PUBLIC | {"identities", "fingerprints", "removed_stories", "counters"}
        assert number(conn, "user_version") == SCHEMA_VERSION == len(STEPS)
        assert number(conn, "application_id") == APPLICATION_ID
        assert number(conn, "foreign_keys") == 1
        assert number(conn, "integrity_check") == "ok"


def test_a_file_of_today_is_left_as_it_is(path: Path) -> None:
    with closing(open_writer(path)) as conn:
        before = schema(conn)
        applied = conn.execute("SELECT * FROM _sqlite_migrations").fetchall()

    with closing(open_writer(path)) as conn:
        assert schema(conn) == before
        assert conn.execute("SELECT * FROM _sqlite_migrations").fetchall() == applied
        assert conn.execute("SELECT * FROM counters").fetchall()[0]["value"] == 0


def test_only_what_is_pending_is_applied(path: Path) -> None:
    later: tuple[Step, ...] = (*STEPS, ("0002_colour", add_colour))
    with closing(open_writer(path)) as conn:
        conn.execute("INSERT INTO events VALUES ('kept', '', '', '')")

    with closing(open_writer(path, later)) as conn:
        assert conn.execute("SELECT colour FROM feeds").fetchall() == []
        assert conn.execute("SELECT id FROM events").fetchone()["id"] == "kept"
        assert number(conn, "user_version") == len(later)


@pytest.mark.parametrize(
    ("step", "reason"),
    [(break_half_way, "no such table: nowhere"), (orphan_a_poll, "left 1 rows without their parent")],
)
def test_a_step_that_fails_leaves_the_file_as_it_was(
    path: Path, step: Callable[[Database], None], reason: str
) -> None:
    with closing(open_writer(path)) as conn:
        before = schema(conn)

    with pytest.raises(Exception, match=reason):
        open_writer(path, (*STEPS, ("0002_colour", add_colour), ("0003_wrong", step)))

    with closing(open_writer(path)) as conn:
        assert schema(conn) == before
        assert number(conn, "user_version") == len(STEPS)
        assert conn.execute("SELECT * FROM polls").fetchall() == []


def test_a_first_step_that_fails_leaves_an_empty_file_that_can_be_taken_again(path: Path) -> None:
    with pytest.raises(Exception, match="no such table"):
        open_writer(path, (*STEPS, ("0002_wrong", break_half_way)))

    with closing(open_writer(path)) as conn:
        assert number(conn, "user_version") == len(STEPS)


def test_steps_stand_in_the_order_of_their_numbers() -> None:
    numbers = [name[:4] for name, _ in STEPS]

    assert numbers == sorted(set(numbers))


def test_a_feed_that_was_gone_before_the_pace_was_kept_stays_gone(path: Path) -> None:
    with closing(open_writer(path, STEPS[:3])) as conn:
        for number, state in enumerate(("gone", "active")):
            values = (number, state, f"https://{number}.example/", "2026-11-24T12:00:00.000Z")
            conn.execute(
                "INSERT INTO feeds (id, state, config_url, url, last_polled_at) VALUES (?, ?, ?3, ?3, ?)",
                values,
            )

    with closing(open_writer(path, STEPS[:4])) as conn:
        gone = [row["gone_at"] for row in conn.execute("SELECT gone_at FROM feeds ORDER BY id").fetchall()]

    assert gone == ["2026-11-24T12:00:00.000Z", None]


def test_what_was_known_before_events_is_known_with_them(path: Path) -> None:
    with closing(open_writer(path, STEPS[:6])) as conn:
        conn.execute("INSERT INTO gists VALUES (1, 2, 1, x'00')")

    with closing(open_writer(path, STEPS[:7])) as conn:
        row = conn.execute("SELECT entry_id, first_id, event_id, gist, meaning FROM gists").fetchone()

    assert tuple(row) == (2, 1, 1, b"\x00", None)


def test_the_index_begins_anew_and_takes_words_as_they_come(path: Path) -> None:
    said = "INSERT INTO stories_fts (title) VALUES (?)"
    found = "SELECT title FROM stories_fts WHERE stories_fts MATCH ?"
    with closing(open_writer(path, STEPS[:11])) as conn:
        conn.execute(said, ("j'ai",))

    with closing(open_writer(path)) as conn:
        before = conn.execute(found, ("ai",)).fetchall()
        conn.execute(said, ("j'ai l'otan otan 東 京 3.5",))

        assert before == conn.execute(found, ("ai OR 5",)).fetchall() == []
        for word in ('"j\'ai"', "otan", "東", '"3.5"'):
            assert len(conn.execute(found, (word,)).fetchall()) == 1


def test_subscriptions_at_hubs_find_their_table_and_belong_to_a_feed(path: Path) -> None:
    kept = "INSERT INTO subscriptions VALUES (?, ?, 'h', 't', 's', 'wanted', 0, '', NULL, NULL, NULL, NULL)"
    with closing(open_writer(path, STEPS[:14])) as conn:
        conn.execute("INSERT INTO feeds (id, state, config_url, url) VALUES (1, 'active', 'u', 'u')")

    with closing(open_writer(path, STEPS[:15])) as conn:
        conn.execute(kept, ("c", 1))

        with pytest.raises(Exception, match="FOREIGN KEY"):
            conn.execute(kept, ("d", 2))
        assert conn.execute("SELECT callback, feed_id FROM subscriptions").fetchone()[:] == ("c", 1)
