"""The first tables: feeds and their polls, entries, stories, tags, events, and what recognises an entry.

Of these, feeds, entries, stories, story_tags, events, polls and stories_fts are public: people open the file
with other tools, so their documented columns keep name and meaning. The rest is ours to change.
"""

from sqlite_utils import Database

TABLES = """
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    site_url TEXT,
    etag TEXT,
    last_modified TEXT,
    state TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    last_polled_at TEXT,
    last_ok_at TEXT,
    next_poll_at TEXT,
    next_poll_rule TEXT NOT NULL DEFAULT '',
    config_url TEXT NOT NULL UNIQUE,
    validators_url TEXT,
    body_hash TEXT,
    hints TEXT NOT NULL DEFAULT '{}',
    moved_to TEXT,
    moved_since TEXT,
    moved_seen INTEGER NOT NULL DEFAULT 0,
    held_at TEXT
);
CREATE INDEX feeds_by_due ON feeds (next_poll_at) WHERE next_poll_at IS NOT NULL;

CREATE TABLE events (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL DEFAULT '',
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
);

CREATE TABLE stories (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event_id TEXT,
    url TEXT,
    title TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    content TEXT NOT NULL DEFAULT '',
    author TEXT NOT NULL DEFAULT '',
    lang TEXT,
    published_at TEXT,
    first_seen_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    news_at TEXT NOT NULL,
    lead_uid TEXT NOT NULL,
    lead_settled INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL
);
CREATE INDEX stories_by_revision ON stories (revision, id);
CREATE INDEX stories_by_news_at ON stories (news_at);
CREATE INDEX stories_by_first_seen_at ON stories (first_seen_at);
CREATE INDEX stories_by_event ON stories (event_id) WHERE event_id IS NOT NULL;

CREATE TABLE removed_stories (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL
);
CREATE INDEX removed_stories_by_revision ON removed_stories (revision, id);

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counters (name, value) VALUES ('revision', 0);

CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    story_id TEXT NOT NULL REFERENCES stories (id) DEFERRABLE INITIALLY DEFERRED,
    guid TEXT,
    url TEXT,
    title TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    content TEXT NOT NULL DEFAULT '',
    author TEXT NOT NULL DEFAULT '',
    lang TEXT,
    published_at TEXT,
    first_seen_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    categories TEXT NOT NULL DEFAULT '[]',
    enclosures TEXT NOT NULL DEFAULT '[]',
    image TEXT,
    matched_by TEXT NOT NULL,
    match_score REAL NOT NULL DEFAULT 1.0
);
CREATE INDEX entries_by_guid ON entries (feed_id, guid);
CREATE INDEX entries_by_url ON entries (feed_id, url);
CREATE INDEX entries_by_story ON entries (story_id);

CREATE TABLE story_tags (
    story_id TEXT NOT NULL REFERENCES stories (id) DEFERRABLE INITIALLY DEFERRED,
    tag TEXT NOT NULL,
    origin TEXT NOT NULL,
    why TEXT NOT NULL DEFAULT '',
    seq INTEGER NOT NULL,
    PRIMARY KEY (story_id, tag, origin)
) WITHOUT ROWID;
CREATE INDEX story_tags_by_tag ON story_tags (tag, seq);

CREATE TABLE polls (
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    at TEXT NOT NULL,
    outcome TEXT NOT NULL,
    http_status INTEGER,
    bytes INTEGER NOT NULL DEFAULT 0,
    ms INTEGER NOT NULL DEFAULT 0,
    new_entries INTEGER NOT NULL DEFAULT 0,
    new_stories INTEGER NOT NULL DEFAULT 0,
    error TEXT
);
CREATE INDEX polls_by_feed ON polls (feed_id, at);
"""

# `identities.held_at` is null while the feed's last document holds the entry (then `feeds.held_at` counts),
# afterwards the time of the last poll that did: an unchanged document costs no write per entry.
RECOGNITION = """
CREATE TABLE identities (
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    key INTEGER NOT NULL,
    uid TEXT NOT NULL,
    story_id TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    news_at TEXT NOT NULL,
    held_at TEXT,
    PRIMARY KEY (feed_id, key)
) WITHOUT ROWID;
CREATE INDEX identities_by_uid ON identities (uid);
CREATE INDEX identities_in_document ON identities (feed_id) WHERE held_at IS NULL;
CREATE INDEX identities_by_held_at ON identities (held_at) WHERE held_at IS NOT NULL;

CREATE TABLE fingerprints (
    signal TEXT NOT NULL,
    key INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    uid TEXT NOT NULL,
    story_id TEXT NOT NULL,
    feed_id INTEGER NOT NULL REFERENCES feeds (id),
    PRIMARY KEY (signal, key, first_seen_at, uid)
) WITHOUT ROWID;
CREATE INDEX fingerprints_by_uid ON fingerprints (uid);
"""

# A table of its own and not an index over `stories`: it holds words, not markup, and stays in step without
# anyone having to know the old text (contentless deletion needs SQLite 3.43).
SEARCH = """
CREATE VIRTUAL TABLE stories_fts USING fts5 (
    title, summary, content, tokenize = 'unicode61 remove_diacritics 2'
);
"""


def apply(db: Database) -> None:
    """Create every table of the first release."""
    db.executescript(TABLES)
    db.executescript(RECOGNITION)
    db.executescript(SEARCH)
