"""Published outputs: kept up to date with the store, in memory and as files.

publisher.py follows the store, rendering.py makes bytes of what is shown, folder.py keeps the files,
pings.py tells a hub what has changed, export.py makes a folder for other web servers of it all.
"""

from aggregator.publish.export import Exported, export
from aggregator.publish.folder import MANIFEST, is_planted, published
from aggregator.publish.pings import Pings
from aggregator.publish.publisher import Published, Publisher
from aggregator.publish.rendering import SEARCH_LIMIT, listings, rendered_as, search_output

__all__ = [
    "MANIFEST",
    "SEARCH_LIMIT",
    "Exported",
    "Pings",
    "Published",
    "Publisher",
    "export",
    "is_planted",
    "listings",
    "published",
    "rendered_as",
    "search_output",
]
