"""Feeds → a first config: the commented default with these in place of its own. Pure.

All else of the default stays, so that a first config teaches the same whichever feeds it begins with.
"""

import re
from collections.abc import Iterable, Sequence

from aggregator.config.loading import default_text
from aggregator.config.spelling import in_lines
from aggregator.core.settings import FeedSettings

_SECTION = re.compile(r"^(?=# -- )", re.MULTILINE)
_FEEDS = """\
  # An address is enough; of a feed more can be said:
  #- url: https://example.org/feed.xml
  #  title: An example
  #  tags: [blogs]
  #  every: 15m             # its own rhythm
  #  priority: 10           # leads a story that several feeds tell; the higher wins, default 0
  #  full_text: true        # take the text from the article's page
  #  include: [ukraine, '"middle east"']        # store only what one of these filters takes
  #  exclude: sport                             # and nothing that this one takes
  #  paused: true           # keep it in the list and leave it alone
  # A list kept elsewhere, as a file beside this one or at an address; its folders become tags:
  #- opml: subscriptions.opml
"""
_OUTPUTS = """\
  - name: all
    title: All stories

  - name: top
    title: Top stories
    min_feeds: 2            # only what at least two feeds report
    max_age: 3d             # by news time; default none
    limit: 60               # default 100

  # Every tag is a feed of its own, too: /tag/NAME.atom. A filter of your own:
  #- name: climate
  #  title: Climate and energy
  #  include: [tag:climate, energy -sport]      # any of these; absent = everything
  #  exclude: ["tag:sport", '"live blog"']      # a phrase needs quotes inside quotes
  #  per_feed: 20           # one source cannot drown the others; default none
"""


def first_text(groups: Iterable[tuple[str, Sequence[FeedSettings]]]) -> str:
    """The text of a config with these feeds, each group under its heading."""
    feeds = "\n".join(_group(heading, feeds) for heading, feeds in groups)
    sections = [_with(section, feeds) for section in _SECTION.split(default_text())]
    return "".join(sections)


def _group(heading: str, feeds: Sequence[FeedSettings]) -> str:
    lines = (f"  {line}" for feed in feeds for line in in_lines(feed))
    return "\n".join([f"  # {heading}", *lines, ""])


def _with(section: str, feeds: str) -> str:
    for key, begin in (("feeds:", f"{_FEEDS}\n{feeds}\n"), ("outputs:", _OUTPUTS)):
        head, found, _ = section.partition(f"\n{key}\n")
        if found:
            return f"{head}{found}{begin}"
    return section
