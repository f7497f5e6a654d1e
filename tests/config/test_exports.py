"""What other readers export, as they write it: the files in `exports/` have the shape of real ones."""

from io import BytesIO
from pathlib import Path

import pytest

from aggregator.config import read_export
from aggregator.config.exports import JSON, NO_LIST, PAGE
from aggregator.config.loading import MAX_FILE_BYTES
from aggregator.core.settings import FeedSettings
from aggregator.errors import ConfigError

FOLDER = Path(__file__).parent / "exports"


def a_file(body: bytes) -> BytesIO:
    file = BytesIO(body)
    file.name = "feeds.opml"
    return file


def refused(body: bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        read_export(a_file(body))
    return str(caught.value)


def read(name: str) -> tuple[list[tuple[str, str | None, tuple[str, ...]]], list[str]]:
    with (FOLDER / name).open("rb") as file:
        feeds, faults = read_export(file)
    told = [str(fault).replace(f"{FOLDER}/", "") for fault in faults]
    return [(feed.url, feed.title, feed.tags) for feed in feeds], told


def test_miniflux() -> None:
    assert read("miniflux.opml") == (
        [
            ("https://www.theguardian.com/world/rss", "The Guardian", ("all",)),
            ("https://www.nasa.gov/feed/", "NASA", ("science-space",)),
            ("https://qa.example.org/feed?a=1&b=2", 'Q&A, with "quotes"', ("science-space",)),
        ],
        [],
    )


def test_freshrss() -> None:
    feeds, faults = read("freshrss.opml")

    assert feeds == [
        ("https://www.lemonde.fr/rss/une.xml", "Le Monde", ("actualités",)),
        ("https://equipe.example.org/rss", "L’Équipe", ("actualités",)),
        ("https://daringfireball.net/feeds/json", "JSON Feed", ("sans-catégorie",)),
    ]
    assert [fault.partition(" is a page that FreshRSS")[0] for fault in faults] == [
        "freshrss.opml:13:7: 'https://scraped.example.org/news'"
    ]


def test_netnewswire() -> None:
    assert read("netnewswire.opml") == (
        [
            ("https://feedpress.me/sixcolors", "Six Colors", ()),
            ("https://inessential.com/feed.json", "inessential", ("mac-ios",)),
            ("http://onefoottsunami.com/feed/atom/", "One Foot Tsunami", ("mac-ios",)),
        ],
        [],
    )


def test_feedly() -> None:
    assert read("feedly.opml") == (
        [
            ("https://krebsonsecurity.com/feed/", "Krebs on Security", ("every-day", "tech/security")),
            ("http://feeds.feedburner.com/ruanyifeng", "阮一峰的网络日志", ("every-day",)),
            ("https://xkcd.com/rss.xml", "xkcd.com", ()),
        ],
        [],
    )


def test_newsboat() -> None:
    feeds, faults = read("newsboat.urls")

    assert feeds == [
        ("https://lwn.net/headlines/rss", "LWN, headlines", ("tech", "open-source")),
        ("https://xkcd.com/rss.xml", None, ()),
        ("https://hidden.example.org/rss", None, ("world/europe",)),
        ("https://quote.example.org/rss", None, ("it-s",)),
    ]
    assert faults == [
        "newsboat.urls:9:1: 'not-an-address' is not a web address; it must begin with https:// or http://"
    ]


def test_a_login_in_a_list_of_addresses_stands_apart() -> None:
    feeds, _ = read_export(a_file(b"https://me:secret@one.example/rss\r\n"))

    assert feeds == (FeedSettings(url="https://one.example/rss", auth="me:secret"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_opml_is_read_in_the_encodings_that_programs_write(encoding: str) -> None:
    opml = '\n<opml><outline text="Zürich" xmlUrl="https://one.example/"/></opml>'

    feeds, _ = read_export(a_file(opml.strip().encode(encoding)))

    assert [feed.title for feed in feeds] == ["Zürich"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"\n<!DOCTYPE html><html><body>Log in</body></html>", PAGE),
        (b"<!-- saved --><HTML lang='en'>", PAGE),
        (b'{"subscriptions": []}', JSON),
        (b"\xef\xbb\xbf[]", JSON),
        (b"hello\n", NO_LIST),
        (b"", NO_LIST),
        (b"\x89PNG\r\n\x1a\n\x00\x00", NO_LIST),
        (b"https://one.example/" * 2_000_000, "the file is larger than 20 MB; is it the right one?"),
        (b"<opml>\n<body>", "this is no XML: no element found; export it again"),
        (b"<opml>\n<body>&nope;</body></opml>", "this is no XML: undefined entity; export it again"),
    ],
    ids=[
        "page",
        "page of old",
        "JSON",
        "JSON with a mark",
        "text",
        "empty",
        "picture",
        "huge",
        "cut",
        "entity",
    ],
)
def test_what_is_no_list_is_told_as_what_it_is(body: bytes, message: str) -> None:
    assert refused(body).startswith("feeds.opml:")
    assert refused(body).endswith(f": {message}")


def test_no_more_is_read_than_any_list_has() -> None:
    file = a_file(b"x" * (MAX_FILE_BYTES + 1000))

    with pytest.raises(ConfigError):
        read_export(file)

    assert file.tell() == MAX_FILE_BYTES + 1


def test_a_login_of_a_line_that_is_no_feed_is_not_shown() -> None:
    _, faults = read_export(a_file(b"https://one.example/\nftp://me:secret@two.example/\n"))

    assert "secret" not in str(faults[0])
