"""Reading the store while somebody else writes it: from any thread, and never for long.

Each question is asked in one snapshot (snapshots.py). Never writes, never waits for the writer.

To add a question: a method that asks inside `self._snapshots.one()`.
"""

from collections.abc import Collection, Mapping
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from aggregator.core import dedup
from aggregator.core.filters import Need
from aggregator.core.times import from_text, to_text
from aggregator.errors import StoreError
from aggregator.model import (
    Considered,
    Counts,
    Day,
    Digest,
    Edition,
    Entry,
    Event,
    Feed,
    FeedFigures,
    FeedShare,
    MatchedBy,
    Overrule,
    ParsedEntry,
    Poll,
    Problem,
    Story,
    TagFigures,
    Wait,
)
from aggregator.store import (
    digests,
    events,
    feed_rows,
    feeds,
    figures,
    index,
    overruling,
    problems,
    rows,
    stories,
)
from aggregator.store.connection import (
    DATABASE_NAME,
    Connection,
    sqlite_version,
)
from aggregator.store.notes import noted
from aggregator.store.snapshots import Snapshots

CHANGED = """
SELECT revision, id, 0 AS removed FROM stories WHERE revision > :since
UNION ALL
SELECT revision, id, 1 AS removed FROM removed_stories WHERE revision > :since
ORDER BY revision LIMIT :limit
"""

LAST = 9_223_372_036_854_775_807  # no number is above it
NEWEST = "SELECT id FROM stories WHERE seq < ? AND seq >= ? ORDER BY seq DESC LIMIT ?"
# Without the sign, min() has the table read from its begin until a row fits, and not the index.
FIRST_SINCE = "SELECT min(+seq) FROM stories WHERE news_at >= ?"
FIRST_SEEN_SINCE = "SELECT min(+seq) FROM stories WHERE first_seen_at >= ?"

NUMBERED = "SELECT id FROM stories WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY seq DESC"

# A tag's children sort between `tag/` and `tag0`, the character after the slash.
# What came last, in the order of news: a new feed's backlog comes last and is old.
TAGGED = """
SELECT s.id FROM (
    SELECT DISTINCT seq FROM story_tags WHERE tag = :tag OR (tag > :tag || '/' AND tag < :tag || '0')
    ORDER BY seq DESC LIMIT :looked_at) AS t
JOIN stories AS s ON s.seq = t.seq ORDER BY s.news_at DESC, s.seq DESC LIMIT :limit
"""
LOOKED_AT = 10  # times as many as are asked for

NAMED = """
SELECT id FROM entries WHERE uid = :wanted
UNION SELECT id FROM entries WHERE story_id = :wanted
UNION SELECT id FROM entries WHERE story_id = (SELECT story_id FROM moved_stories WHERE id = :wanted)
UNION SELECT id FROM entries WHERE id = :number
UNION SELECT id FROM entries WHERE guid = :given
UNION SELECT id FROM entries WHERE url = :wanted
UNION SELECT e.id FROM fingerprints AS f JOIN entries AS e ON e.uid = f.uid
    WHERE f.signal = 'url' AND f.key IN (SELECT value FROM json_each(:url_keys))
"""

COMPARED = """
SELECT id FROM entries WHERE id IN (SELECT value FROM json_each(?))
UNION SELECT id FROM entries WHERE uid IN (SELECT value FROM json_each(?))
"""

UNINDEXED = (
    "{:,} older stories are still being indexed by an update, and newer ones alone do not answer this; "
    "try again later, or run `aggregator poll` where no daemon runs"
)

STATES = "SELECT state, count(*) AS many FROM feeds GROUP BY state ORDER BY state"

ON_SCHEDULE = """
SELECT EXISTS (SELECT 1 FROM feeds WHERE last_ok_at >= last_polled_at AND next_poll_at > ?)
"""


class Reader:
    """Answers questions about the store in `folder`; safe to use from any thread at once."""

    def __init__(self, folder: Path, *, time_limit: timedelta = timedelta(seconds=5)) -> None:
        """StoreError where there is no store, or none that this version can read."""
        self._path = folder / DATABASE_NAME
        self._snapshots = Snapshots(self._path, time_limit)
        with self._snapshots.one():
            pass

    def within(self, span: timedelta) -> "Reader":
        """The same for one search: all its questions together have so long, then SearchTooLongError."""
        hurried = copy(self)
        vars(hurried)["_snapshots"] = self._snapshots.within(span)
        return hurried

    def close(self) -> None:
        """Close the connections that nobody uses now."""
        self._snapshots.close()

    # -- what changed -----------------------------------------------------------------------------------

    def revision(self) -> int:
        """A number that rises with every story that is stored, changed or removed; 0 in a new store."""
        with self._snapshots.one() as conn:
            return _revision(conn)

    def changed_since(self, revision: int, *, limit: int) -> tuple[int, tuple[Story, ...], tuple[str, ...]]:
        """The revision that is reached, the stories changed up to there, and the ids of those removed.

        At most `limit` of both; ask again from the revision reached until nothing comes.
        """
        with self._snapshots.one() as conn:
            found = conn.execute(CHANGED, {"since": revision, "limit": limit}).fetchall()
            reached = found[-1]["revision"] if len(found) == limit else max(revision, _revision(conn))
            changed = stories.in_order(conn, [row["id"] for row in found if not row["removed"]])
            return reached, changed, tuple(row["id"] for row in found if row["removed"])

    # -- stories ----------------------------------------------------------------------------------------

    def stories(self, *, limit: int, before_seq: int | None = None, from_seq: int = 0) -> tuple[Story, ...]:
        """The newest stories, the newest first; below `before_seq` where that is given."""
        with self._snapshots.one() as conn:
            return _listed(conn, NEWEST, (before_seq or LAST, from_seq, limit))

    def first_since(self, moment: datetime) -> int | None:
        """The lowest `seq` of the stories that were news since then; None where there are none."""
        with self._snapshots.one() as conn:
            found: int | None = conn.execute(FIRST_SINCE, (to_text(moment),)).fetchone()[0]
            return found

    def first_seen_since(self, moment: datetime) -> int | None:
        """The lowest `seq` of the stories that were seen first since then; None where there are none."""
        with self._snapshots.one() as conn:
            found: int | None = conn.execute(FIRST_SEEN_SINCE, (to_text(moment),)).fetchone()[0]
            return found

    def by_ids(self, ids: Collection[str]) -> tuple[Story, ...]:
        """These stories, in the order of `ids`; those that are not stored are left out."""
        with self._snapshots.one() as conn:
            return stories.in_order(conn, tuple(ids))

    def search(
        self, need: Need, *, limit: int, before_seq: int | None = None, from_seq: int = 0
    ) -> tuple[Story, ...]:
        """The newest stories that have what is needed, the newest first; below `before_seq` where given.

        StoreError where those that could come next are not indexed yet as this version reads words.
        """
        with self._snapshots.one() as conn:
            begin = index.first_indexed(conn)
            if begin is None:
                raise StoreError(self._path, "another version indexed it; `aggregator poll` indexes it anew")
            first, before = max(from_seq, begin), before_seq or LAST
            found = index.numbers(conn, need, limit=limit, first=first, before=before)
            if not found and from_seq < begin:
                raise StoreError(self._path, UNINDEXED.format(stories.count_below(conn, begin)))
            return _listed(conn, NUMBERED, (stories.listed(found),))

    def tagged(self, tag: str, *, limit: int) -> tuple[Story, ...]:
        """The newest stories that have the tag or one of its children, the newest first."""
        wanted = {"tag": tag, "limit": limit, "looked_at": limit * LOOKED_AT}
        with self._snapshots.one() as conn:
            return stories.in_order(conn, [row["id"] for row in conn.execute(TAGGED, wanted).fetchall()])

    def find_entries(self, wanted: str) -> tuple[Entry, ...]:
        """The entries that this names: the one whose uid it is, then the oldest first.

        It may be an item's id in an output (`urn:uuid:…`), an entry's uid, number or guid, a story's id (all
        its entries), or a URL, however it is spelled.
        """
        wanted = wanted.strip()
        if not _is_text(wanted):
            return ()
        names = {
            "given": wanted,  # `urn:uuid:…` is a common guid in Atom too
            "wanted": wanted.removeprefix("urn:uuid:"),
            "number": int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else None,
            "url_keys": stories.listed(_url_keys(wanted)),
        }
        with self._snapshots.one() as conn:
            found = conn.execute(NAMED, names).fetchall()
            named = stories.entries(conn, [row["id"] for row in found])
        return tuple(sorted(named, key=lambda entry: entry.uid != names["wanted"]))

    def event(self, wanted: str) -> Event | None:
        """The event with this id, its stories whole, or the one that it turned out to be part of.

        Also that of a story which is alone with it so far.
        """
        if not _is_text(wanted):
            return None
        with self._snapshots.one() as conn:
            return events.event(conn, wanted)

    def top_events(self, since: datetime, *, limit: int) -> tuple[Event, ...]:
        """The events that most feeds told in the news `since` then, from two feeds on, most first.

        A story that is alone with its event counts as one.
        """
        with self._snapshots.one() as conn:
            return events.top(conn, since, limit)

    def story(self, story_id: str) -> Story | None:
        """The story with this id, or the one that it was merged into; None where there is none."""
        found = self.by_ids((story_id,)) or self.by_ids((self.moved(story_id) or story_id,))
        return next(iter(found), None)

    def moved(self, story_id: str) -> str | None:
        """The story that this one became part of by a person's word; None where it is its own, or unknown."""
        if not _is_text(story_id):
            return None
        with self._snapshots.one() as conn:
            return stories.moved(conn, story_id)

    def last_word(self, uid: str) -> Overrule | None:
        """What a person said last of the entry with this uid; None where he said nothing."""
        with self._snapshots.one() as conn:
            return overruling.last_word(conn, uid)

    def considered(self, number: int) -> Considered:
        """What this entry was compared with when it came, each as it is now; None for one that is gone."""
        with self._snapshots.one() as conn:
            row = conn.execute("SELECT judged FROM entries WHERE id = ?", (number,)).fetchone()
            candidates = rows.candidates_from(row["judged"] if row else None)
            named = (
                stories.listed(one.entry for one in candidates),
                stories.listed(one.uid for one in candidates),
            )
            found = stories.entries(conn, [one["id"] for one in conn.execute(COMPARED, named).fetchall()])
        by_name: dict[object, Entry] = {name: one for one in found for name in (one.id, one.uid)}
        return tuple((one, by_name.get(one.entry or one.uid)) for one in candidates)

    def digests(self, output: str, edition: Edition) -> tuple[Digest, ...]:
        """The last digests of the output with this first name, the last first, also those without content."""
        with self._snapshots.one() as conn:
            return digests.latest(conn, output, edition)

    # -- feeds and the rest -----------------------------------------------------------------------------

    def feeds(self) -> tuple[Feed, ...]:
        """Every feed that was ever in the config, in the order they came."""
        with self._snapshots.one() as conn:
            return tuple(map(feed_rows.feed_from, conn.execute("SELECT * FROM feeds ORDER BY id").fetchall()))

    def waits(self, now: datetime) -> tuple[Wait, ...]:
        """What servers asked for with Retry-After that is not over yet."""
        with self._snapshots.one() as conn:
            return feeds.waits(conn, now)

    def on_schedule(self, now: datetime) -> bool:
        """Whether a feed was well when it was last asked, and is not due yet."""
        with self._snapshots.one() as conn:
            return bool(conn.execute(ON_SCHEDULE, (to_text(now),)).fetchone()[0])

    def polls(self, feed_id: int, *, limit: int) -> tuple[Poll, ...]:
        """The last polls of a feed, the last first."""
        with self._snapshots.one() as conn:
            statement = "SELECT * FROM polls WHERE feed_id = ? ORDER BY at DESC, rowid DESC LIMIT ?"
            return tuple(map(feed_rows.poll_from, conn.execute(statement, (feed_id, limit)).fetchall()))

    def arrivals(self, feed_id: int, *, limit: int) -> tuple[datetime, ...]:
        """When the last entries of a feed were first seen, the last first."""
        with self._snapshots.one() as conn:
            found = conn.execute(problems.ARRIVALS, (feed_id, limit)).fetchall()
            return tuple(from_text(row["first_seen_at"]) for row in found)

    def problems(self) -> tuple[Problem, ...]:
        """What is or was wrong, those that began first first."""
        with self._snapshots.one() as conn:
            return problems.kept(conn)

    def counts(self, now: datetime) -> Counts:
        """How much is stored, and how many feeds are due."""
        with self._snapshots.one() as conn:
            return figures.counts(conn, now)

    def feed_figures(self) -> Mapping[int, FeedFigures]:
        """How the polls of each feed went, by its id; feeds that were never polled are left out."""
        with self._snapshots.one() as conn:
            return figures.of_feeds(conn)

    def days(self, since: datetime) -> tuple[Day, ...]:
        """What came on each day since then, the first day first; days on which nothing came are left out."""
        with self._snapshots.one() as conn:
            return figures.days(conn, since)

    def shares(self, since: datetime) -> tuple[FeedShare, ...]:
        """What each feed brought since then, those that brought most first."""
        with self._snapshots.one() as conn:
            return figures.shares(conn, since)

    def tag_figures(self, since: datetime, *, limit: int) -> tuple[TagFigures, ...]:
        """The tags that most stories seen since then have, the most first."""
        with self._snapshots.one() as conn:
            return figures.tags(conn, since, limit)

    def noted(self, name: str) -> int | None:
        """The number that the store keeps under this name; None where there is none yet."""
        with self._snapshots.one() as conn:
            return noted(conn, name)

    def count_below(self, seq: int) -> int:
        """How many stories have a lower `seq`."""
        with self._snapshots.one() as conn:
            return stories.count_below(conn, seq)

    def status(self) -> Mapping[str, object]:
        """What `aggregator status` shows of the store: counts, sizes in bytes, versions."""
        with self._snapshots.one() as conn:
            database = Database(conn, recursive_triggers=False, execute_plugins=False)
            counts = {name: database.table(name).count for name in ("stories", "entries")}
            return {
                "database": str(self._path),
                "bytes": conn.execute(figures.BYTES).fetchone()[0],
                "feeds": database.table("feeds").count,
                "feeds_by_state": {row["state"]: row["many"] for row in conn.execute(STATES).fetchall()},
                **counts,
                "tags": conn.execute("SELECT count(DISTINCT tag) FROM story_tags").fetchone()[0],
                "revision": _revision(conn),
                "last_ok_at": conn.execute("SELECT max(last_ok_at) FROM feeds").fetchone()[0],
                "schema_version": conn.execute("PRAGMA user_version").fetchone()[0],
                "journal_mode": database.journal_mode,
                "sqlite_version": sqlite_version(),
            }


def _revision(conn: Connection) -> int:
    value: int = conn.execute("SELECT value FROM counters WHERE name = 'revision'").fetchone()[0]
    return value


def _listed(conn: Connection, statement: str, parameters: tuple[object, ...]) -> tuple[Story, ...]:
    return stories.in_order(conn, [row["id"] for row in conn.execute(statement, parameters).fetchall()])


def _is_text(wanted: str) -> bool:
    """False for what a terminal passes on of bytes that are not UTF-8 (PEP 383); nothing stored holds it."""
    return not any("\ud800" <= character <= "\udfff" for character in wanted)


def _url_keys(wanted: str) -> list[int]:
    """The keys under which the dedup would know this URL; none where it is no URL."""
    prints = dedup.fingerprints(ParsedEntry(url=wanted))
    return [one.key for one in prints if one.signal is MatchedBy.URL]
