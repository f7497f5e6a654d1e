"""The index holds words as filters read them, and takes each as it is written.

Its own rules of what a word is differ from theirs: it would find `ai` in "j'ai", and no word of a Chinese
sentence. Now it is told: it parts at blanks. It is filled by the store, which does so whenever the filter
language has a new edition, so that this step leaves it empty.
"""

from sqlite_utils import Database

INDEX = """
DROP TABLE stories_fts;
CREATE VIRTUAL TABLE stories_fts USING fts5 (title, summary, content, tokenize = "ascii tokenchars '.,'''");
"""


def apply(db: Database) -> None:
    """Make the index anew."""
    db.executescript(INDEX)
