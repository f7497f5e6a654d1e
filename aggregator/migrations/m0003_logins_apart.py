"""Takes user and password out of the feeds' addresses: they stand in the config, and nowhere else.

A feed is known by the address in the config, which has no login any more. Where two feeds differ in nothing
but their logins, the first is the one that the config means; the other keeps its stories under an address
that no config has.
"""

import re

from sqlite_utils import Database

LOGIN = re.compile(r"(?<=://)[^/?#]*@")
COLUMNS = ("url", "config_url", "site_url", "validators_url", "moved_to")


def apply(db: Database) -> None:
    """Rewrite the addresses of feeds that have a login."""
    table = db.table("feeds")
    rows = list(db.query("SELECT * FROM feeds ORDER BY id"))
    taken = {row["config_url"] for row in rows}
    for row in rows:
        bare = {column: LOGIN.sub("", row[column] or "", count=1) or None for column in COLUMNS}
        if all(bare[column] == row[column] for column in COLUMNS):
            continue
        if bare["config_url"] != row["config_url"] and bare["config_url"] in taken:
            bare["config_url"] = f"{bare['config_url']}#{row['id']}"
        taken.add(bare["config_url"])
        table.update(row["id"], bare)
