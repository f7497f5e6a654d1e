"""Output formats: a document in, bytes out. Pure, and the same document always gives the same bytes.

Each format is one file with a `Format` named `FORMAT`; `FORMATS` is the register that everything else reads.
What all share: `markup` (escaping, what is fit for XML), `also_in` (who else tells a story).

To add a format: a file like atom.py, and its line in `FORMATS`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from aggregator.core.formats import atom, html, json_feed, rss
from aggregator.core.formats.format import Format

__all__ = ["FORMATS", "Format"]

FORMATS: Mapping[str, Format] = MappingProxyType(
    {one.suffix: one for one in (atom.FORMAT, rss.FORMAT, json_feed.FORMAT, html.FORMAT)}
)
"""The formats by suffix, in the order in which pages list them."""
