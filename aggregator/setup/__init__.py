"""Use-case: getting feeds in and out of a config. Never reads the store's news and never polls.

`finding` asks which feed is behind an address, `naming` says which feed of the config a person means,
`config_file` replaces the file, `opml` writes the feeds for other readers. What an edit does to the file's
text is known to config/editing.py alone.

To add a way of taking feeds in: its decision in a module here, its command in cli/subscribing.py.
"""

from aggregator.setup.config_file import keep_copy, rewrite, write_first
from aggregator.setup.finding import Found, find_feeds
from aggregator.setup.naming import Candidate, address_keys, named, new_among
from aggregator.setup.opml import to_opml

__all__ = [
    "Candidate",
    "Found",
    "address_keys",
    "find_feeds",
    "keep_copy",
    "named",
    "new_among",
    "rewrite",
    "to_opml",
    "write_first",
]
