"""The store: feeds, entries, stories and what recognises them, in one SQLite file that outlives everything.

`Store` writes, in one process at a time; `Reader` reads, in any number of them. Nothing outside this
package and migrations/ knows SQL. The tables are described in docs/reference/tables.md.
"""

from aggregator.store.backup import back_up
from aggregator.store.connection import sqlite_version
from aggregator.store.feeds import WantedFeed
from aggregator.store.reader import Reader
from aggregator.store.store import Store

__all__ = ["Reader", "Store", "WantedFeed", "back_up", "sqlite_version"]
