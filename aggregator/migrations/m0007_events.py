"""Events: the meaning of a title beside its gist, and an event's id beside those that outlive their story.

`gists.event_id` is the first entry of the event, as `first_id` is that of the story; until now every story
was one. The index over the entries of a story holds what an event's coverage is counted from, so that no text
is read for it.
"""

from sqlite_utils import Database

EVENTS = """
ALTER TABLE gists ADD COLUMN event_id INTEGER;
UPDATE gists SET event_id = first_id;
ALTER TABLE gists ADD COLUMN meaning BLOB;
ALTER TABLE identities ADD COLUMN event_id TEXT;
DROP INDEX entries_by_story;
CREATE INDEX entries_by_story ON entries (story_id, first_seen_at, feed_id);
"""


def apply(db: Database) -> None:
    """Add the columns, and make the index anew."""
    db.executescript(EVENTS)
