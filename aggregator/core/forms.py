"""The forms in which a site shows one page: AMP, mobile, its other hosts, a video's many addresses. Pure.

A form is taken off where what is left still names an article; in doubt the address stays as it is.

To add one: a host into `HOSTS`, or a pattern beside its like, and a row in tests/core/test_urls.py.
"""

import re

from aggregator.core.tracking import Parameter

HOSTS = {
    "bbc.co.uk": "bbc.com",
    "edition.cnn.com": "cnn.com",
    "new.reddit.com": "reddit.com",
    "np.reddit.com": "reddit.com",
    "old.reddit.com": "reddit.com",
    "twitter.com": "x.com",
    "youtube-nocookie.com": "youtube.com",
}
"""Hosts that show the pages of another under the same paths."""

_PREFIX = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_WIKI = re.compile(r"\.m\.(?=(?:mediawiki|wik[a-z]+)\.org$)")
_AMP_FILE = re.compile(r"\.amp(?:\.html)?$")
_AMP_FOLDER = re.compile(r"^/amp(?:html)?(?=/)|/amp(?:html)?/?$")
_ARTICLE = re.compile(r"[\d_-]")  # `/topics/amp` is about AMP
_SESSION = re.compile(r";jsessionid=[^/]*", re.IGNORECASE)
_VIDEO = re.compile(r"/(?:embed|live|shorts|v)/([\w-]{11})/?")
_VIDEO_ID = re.compile(r"/([\w-]{11})/?")
_BLOGGER = re.compile(r"/\d{4}/\d{2}/[^/]+\.html")


def host_form(host: str) -> str:
    """The host without `www.`, its mobile and AMP forms, under the name that its site goes by."""
    bare = _WIKI.sub(".", _PREFIX.sub("", host))
    return HOSTS.get(bare, bare)


def page_form(host: str, path: str, query: list[Parameter]) -> tuple[str, str, list[Parameter]]:
    """Host, path and parameters of the page itself."""
    video = _video(host, path)
    if video:
        return "youtube.com", "/watch", [("v", video)]
    if _BLOGGER.fullmatch(path):
        query = [one for one in query if one not in (("m", "0"), ("m", "1"))]
    return host, _without_amp(_SESSION.sub("", path)), query


def _video(host: str, path: str) -> str | None:
    pattern = {"youtube.com": _VIDEO, "youtu.be": _VIDEO_ID}.get(host)
    found = pattern.fullmatch(path) if pattern else None
    return found[1] if found else None


def _without_amp(path: str) -> str:
    plain = _AMP_FILE.sub("", path)
    rest = _AMP_FOLDER.sub("", plain, count=1)
    return rest if _ARTICLE.search(rest) else plain
