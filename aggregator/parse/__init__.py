"""Feed documents of every kind → ParsedFeed: RSS 0.90 to 2.0, RDF, Atom 0.3 and 1.0, CDF, JSON Feed 1.x.

`Parser` reads them, and articles' pages, in processes that can be killed; `parse_document` is what runs in
there. Feedparser reads XML, trafilatura finds an article in its page, and nh3 makes HTML safe: no other part
of the program knows them.

To see how a document goes through: document.py, from top to bottom.
"""

from aggregator.parse.document import parse_document
from aggregator.parse.workers import Parser

__all__ = ["Parser", "parse_document"]
