"""Events: the meaning of a title beside its gist, and an event's id beside those that outlive their story.

`gists.event_id` is the first entry of the event, as `first_id` is that of the story; until now every story
was one. The indexes hold all that an event's row and coverage are counted from, so that no text is read for
them.
"""

from sqlite_utils import Database

EVENTS = """
ALTER TABLE gists ADD COLUMN event_id INTEGER;
UPDATE gists SET event_id = first_id;
ALTER TABLE gists ADD COLUMN meaning BLOB;
ALTER TABLE identities ADD COLUMN event_id TEXT;
DROP INDEX entries_by_story;
CREATE INDEX entries_by_story ON entries (story_id, first_seen_at, feed_id);
DROP INDEX stories_by_event;
CREATE INDEX stories_by_event ON stories (event_id, first_seen_at, id) WHERE event_id IS NOT NULL;
"""


def apply(db: Database) -> None:
    """Add the columns, and make the indexes anew."""
    db.executescript(EVENTS)
