"""Where the feed behind an address may be: what its page says, and what is known of the site. Pure.

All of these are candidates: somebody has to ask whether a feed is there. They come best first, and few, for
each costs the site a request.

To add a site: a row in SITES, or in HABITS where any host may run its software, and one in
tests/core/test_discovery.py.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from aggregator.core.urls import absolute

MAX_PAGE = 500_000  # characters of a page that are looked at: its head is in there
MAX_FEEDS = 20
MAX_ANCHORS = 5

COMMON_NAMES = ("feed", "rss.xml", "atom.xml", "feed.xml", "index.xml", "rss", "feed.json")

_GITHUB = r"(?:www\.)?github\.com/([\w-]+)"
_REDDIT = r"(?:www\.|old\.|new\.|np\.)?reddit\.com/"
_YOUTUBE = r"(?:www\.|m\.)?youtube\.com/"
_VIDEOS = "www.youtube.com/feeds/videos.xml"
_END = r"/?(?:\?.*)?"

SITES = (
    (_YOUTUBE + r"channel/(UC[\w-]{22}).*", _VIDEOS + "?channel_id={1}"),
    (_YOUTUBE + r"user/([\w-]+).*", _VIDEOS + "?user={1}"),
    (_YOUTUBE + r"playlist\?(?:.*&)?list=([\w-]+).*", _VIDEOS + "?playlist_id={1}"),
    (_GITHUB + _END, "github.com/{1}.atom"),
    (_GITHUB + r"/([\w.-]+?)(?:\.git)?" + _END, "github.com/{1}/{2}/releases.atom"),
    (_GITHUB + r"/([\w.-]+?)(?:\.git)?" + _END, "github.com/{1}/{2}/commits.atom"),
    (_GITHUB + r"/([\w.-]+/(?:releases|tags|commits/[\w./-]+?)(?<!\.atom))" + _END,
     "github.com/{1}/{2}.atom"),
    (r"gitlab\.com/((?:[\w.-]+/)+?[\w.-]+?)(?:/-/.*)?" + _END, "gitlab.com/{1}/-/tags?format=atom"),
    (r"codeberg\.org/([\w.-]+/[\w.-]+)" + _END, "codeberg.org/{1}/releases.rss"),
    (r"codeberg\.org/([\w.-]+/[\w.-]+)" + _END, "codeberg.org/{1}.rss"),
    (_REDDIT + r"((?:r|u|user)/[\w+-]+(?:/(?:new|top|hot|rising|comments/\w+))?)[^?.]*(\?.*)?",
     "www.reddit.com/{1}/.rss{2}"),
    (r"([\w-]+)\.substack\.com(?:/.*)?", "{1}.substack.com/feed"),
    (r"(?:www\.)?medium\.com/(?!feed/)(tag/[\w-]+|@?[\w.-]+)(?:/.*)?", "medium.com/feed/{1}"),
    (r"(?!www\.)([\w-]+)\.medium\.com(?:/.*)?", "{1}.medium.com/feed"),
    (r"(?:www\.)?tumblr\.com/(?:blog/(?:view/)?)?([\w-]+)(?:/.*)?", "{1}.tumblr.com/rss"),
    (r"(?!www\.)([\w-]+)\.tumblr\.com(?:/.*)?", "{1}.tumblr.com/rss"),
    (r"([\w-]+)\.wordpress\.com(?:/.*)?", "{1}.wordpress.com/feed/"),
    (r"([\w-]+\.blogspot\.[a-z.]+)(?:/.*)?", "{1}/feeds/posts/default"),
    (r"(bsky\.app/profile/[\w.:-]+)" + _END, "{1}/rss"),
)  # fmt: skip
"""Sites known by their name: host, path and query of a page → those of a feed."""

HABITS = (
    (r"([^/]+/@[\w.]+)" + _END, "{1}.rss"),  # Mastodon
    (r"([^/]+/(?:users|tags)/[^/?]+)" + _END, "{1}.rss"),
    (r"([^/]+)/([cu]/[\w.@-]+)" + _END, "{1}/feeds/{2}.xml?sort=New"),  # Lemmy
    (r"([^/]+)/(?:c|video-channels)/([\w.@-]+)(?:/videos)?" + _END,  # PeerTube
     "{1}/feeds/videos.xml?videoChannelName={2}"),
    (r"([^/]+)/(?:a|accounts)/([\w.@-]+)(?:/[\w-]+)?" + _END, "{1}/feeds/videos.xml?accountName={2}"),
)  # fmt: skip
"""The same for software that runs on any host."""

_TAG = re.compile(r"<(link|base|a)\b([^<>]{0,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])(rel|type|href|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_FEED_TYPE = re.compile(r"(?:application|text)/(?:rss|atom|rdf)\+xml|application/feed\+json", re.IGNORECASE)
_XML_TYPE = re.compile(r"(?:application|text)/xml", re.IGNORECASE)
_FEED_PATH = re.compile(
    r"/(?:feed|rss|atom)/?$|\.(?:rss|atom|rdf)$|/(?:feed|rss|atom|index)\.(?:xml|json)$", re.IGNORECASE
)
_OF_COMMENTS = re.compile(r"\bcomments?\b|\bkommentare?\b|\bcommentaires\b|\bcomentarios\b", re.IGNORECASE)

Attributes = dict[str, str]


def addresses(typed: str) -> tuple[str, ...]:
    """What a person means by an address: as it is, or with https and then http before it."""
    text = re.sub(r"^feed:(?://)?", "", typed.strip(), flags=re.IGNORECASE)
    schemes = ("",) if "://" in text else ("https://", "http://")
    return tuple(found for scheme in schemes if (found := absolute(scheme + text, "")))


def site_feeds(url: str) -> tuple[str, ...]:
    """The feeds of a page on a site that is known by its name; none on any other."""
    return _made(SITES, url, "https")


def page_feeds(html: str, url: str) -> tuple[str, ...]:
    """The feeds that a page points to: those it declares, those of what it is on a known site, likely links.

    `url` is where the page is. Feeds of comments come behind the others it declares.
    """
    found = _TAG.findall(_without_comments(html[:MAX_PAGE]))
    tags = [(name.lower(), _attributes(inside)) for name, inside in found]
    links = [said for name, said in tags if name == "link"]
    base = next(_targets((said for name, said in tags if name == "base"), url), url)
    declared = sorted(filter(_declares_feed, links), key=_is_of_comments)
    pages = _targets([said for said in links if "canonical" in _rel(said)][:1], base)
    anchors = [said for name, said in tags if name == "a" and _FEED_PATH.search(_path(said))]
    named = (feed for page in pages for feed in site_feeds(page))
    return _distinct([*_targets(declared, base), *named, *_targets(anchors[:MAX_ANCHORS], base)])


def likely_feeds(url: str) -> tuple[str, ...]:
    """Where feeds often are: as other software puts them, beside the page, at the root of its site."""
    scheme, path = urlsplit(url).scheme, urlsplit(url).path
    folder, _, name = path.rpartition("/")
    beside = f"{folder}/" if "." in name or not name else f"{path}/"
    common = [urljoin(url, base + name) for base in (beside, "/") for name in COMMON_NAMES]
    return _distinct([*_made(HABITS, url, scheme), *common])


def _made(rules: Iterable[tuple[str, str]], url: str, scheme: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    where = parts.netloc.rpartition("@")[2] + parts.path + (parts.query and f"?{parts.query}")
    matches = ((re.fullmatch(pattern, where, re.IGNORECASE), feed) for pattern, feed in rules)
    return tuple(
        f"{scheme}://{feed.format(match[0], *(group or '' for group in match.groups()))}"
        for match, feed in matches
        if match
    )


def _distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))[:MAX_FEEDS]


# -- pages ------------------------------------------------------------------------------------------------


def _without_comments(html: str) -> str:
    """Cut at every mark in one pass: an expression over `<!--.*?-->` is quadratic where none is closed."""
    kept, at = [], 0
    while (opened := html.find("<!--", at)) >= 0:
        kept.append(html[at:opened])
        closed = html.find("-->", opened)
        at = closed + 3 if closed >= 0 else len(html)
    return "".join([*kept, html[at:]])


def _attributes(inside: str) -> Attributes:
    return {
        name.lower(): unescape(double or single or bare)
        for name, double, single, bare in reversed(_ATTRIBUTE.findall(inside))
    }


def _targets(said: Iterable[Attributes], base: str) -> Iterator[str]:
    return (found for one in said if (found := absolute(one.get("href", ""), base)))


def _path(said: Attributes) -> str:
    return re.split(r"[?#]", said.get("href", ""))[0]


def _rel(said: Attributes) -> list[str]:
    return said.get("rel", "").lower().split()


def _declares_feed(said: Attributes) -> bool:
    kind, rel = said.get("type", ""), _rel(said)
    return (
        bool(_FEED_TYPE.match(kind)) or "feed" in rel or ("alternate" in rel and bool(_XML_TYPE.match(kind)))
    )


def _is_of_comments(said: Attributes) -> bool:
    return bool(_OF_COMMENTS.search(f"{said.get('href')} {said.get('title')}"))
