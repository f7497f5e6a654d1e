"""The config file: YAML → frozen settings, or every fault at once with its place and its cure.

The only package that knows YAML and pydantic. It fetches nothing and watches nothing: `Loaded` names the
files to watch and the lists to fetch.

To add a key, see models.py; a check over several keys, checks.py; a cure for YAML's own errors, cures.py.
"""

from aggregator.config.build import with_feeds
from aggregator.config.exports import read_export
from aggregator.config.first import first_text
from aggregator.config.loading import Loaded, default_text, load, load_text, read_text
from aggregator.config.opml import parse_opml, read_opml

__all__ = [
    "Loaded",
    "default_text",
    "first_text",
    "load",
    "load_text",
    "parse_opml",
    "read_export",
    "read_opml",
    "read_text",
    "with_feeds",
]
