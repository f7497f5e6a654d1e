"""Every format, read back with a parser that knows nothing of us."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from xml.etree import ElementTree

import feedparser
import pytest

from aggregator.core.formats import FORMATS
from aggregator.core.formats.markup import language, media_type
from aggregator.model import AlsoIn, Enclosure
from tests.core.formats.pieces import ATOM, BARE, BASE, FULL, ID, LINKS, MEDIA, rendered


@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_a_reader_finds_everything(suffix: str) -> None:
    read = feedparser.parse(rendered(suffix, FULL))

    assert not read.bozo
    assert (unescape(read.feed.title), len(read.entries)) == ("Security & more", 1)
    entry = read.entries[0]
    assert (entry.id, entry.link) == (ID, FULL.url)
    assert unescape(entry.title) == FULL.title
    assert entry.author == "Jane Roe"
    assert entry.published_parsed[:5] == (2026, 11, 24, 12, 0)
    assert [tag.term for tag in entry.tags] == list(FULL.tags)
    assert entry.enclosures[0] == {**entry.enclosures[0], "href": FULL.enclosures[0].url, "length": "1234"}
    assert entry.media_thumbnail == [{"url": FULL.image}]
    assert 'Also in: <a href="https://two.example.org/x?y&amp;z"' in entry.content[0].value
    assert entry.summary.startswith(FULL.summary)
    assert unescape(entry.source.title) == "One & Only"


def test_atom_names_its_source_and_itself() -> None:
    root = ElementTree.fromstring(rendered("atom", FULL))

    source = root.find(f"{ATOM}entry/{ATOM}source")
    assert source is not None
    said = [unescape(str(source.findtext(f"{ATOM}{name}"))) for name in ("id", "title")]
    assert said == [FULL.feed_url, FULL.feed_title]
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": LINKS["atom"], "alternate": LINKS["html"]}
    assert str(root.findtext(f"{ATOM}id")).startswith("urn:uuid:")
    files = root.findall(f"{ATOM}entry/{ATOM}link[@rel='enclosure']")
    assert [file.get("type") for file in files] == ["audio/mpeg", "application/octet-stream"]
    assert root.find(f"{ATOM}entry").get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"  # type: ignore[union-attr]  # the test ends here without one


@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_a_feed_names_its_hub_beside_itself(suffix: str) -> None:
    read = feedparser.parse(rendered(suffix, FULL, hub="https://hub.example.org/?a&b"))

    links = {link["rel"]: link["href"] for link in read.feed.links if link["rel"] != "alternate"}
    assert links == {"self": LINKS[suffix], "hub": "https://hub.example.org/?a&b"}


def test_a_json_feed_names_its_hub() -> None:
    said = json.loads(rendered("json", FULL, hub="https://hub.example.org/"))

    assert said["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]


def test_rss_has_one_enclosure_and_an_id_that_is_no_link() -> None:
    root = ElementTree.fromstring(rendered("rss", FULL))

    guid = root.find("channel/item/guid")
    assert guid is not None
    assert guid.get("isPermaLink") == "false"
    assert len(root.findall("channel/item/enclosure")) == 1
    assert root.findtext("channel/item/pubDate") == "Tue, 24 Nov 2026 12:00:00 GMT"


def test_rss_says_who_wrote_an_item_in_which_language_and_where() -> None:
    item = ElementTree.fromstring(rendered("rss", FULL)).find("channel/item")

    assert item is not None
    said = [item.findtext(f"{{http://purl.org/dc/elements/1.1/}}{name}") for name in ("creator", "language")]
    assert said == ["Jane Roe", "en-GB"]
    source, picture = item.find("source"), item.find(f"{MEDIA}thumbnail")
    assert source is not None
    assert picture is not None
    assert (source.get("url"), unescape(str(source.text))) == (FULL.feed_url, "One & Only")
    assert picture.get("url") == FULL.image


def test_json_feed_says_the_same() -> None:
    feed = json.loads(rendered("json", FULL))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["feed_url"], feed["home_page_url"]) == (LINKS["json"], LINKS["html"])
    (item,) = feed["items"]
    assert (item["id"], item["url"], item["title"]) == (ID, FULL.url, FULL.title)
    assert (item["date_published"], item["date_modified"]) == ("2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z")
    assert item["attachments"][0] == {
        "url": FULL.enclosures[0].url,
        "mime_type": "audio/mpeg",
        "size_in_bytes": 1234,
    }
    assert item["tags"] == list(FULL.tags)
    assert [one["feed"] for one in item["_aggregator"]["also_in"]] == ["Two <2>", "Three"]
    assert item["_aggregator"]["coverage"] == 3


@pytest.mark.parametrize("page", ["stories/1", ""])
def test_json_feed_names_our_own_page_about_an_item(page: str) -> None:
    (item,) = json.loads(rendered("json", replace(FULL, page=page)))["items"]

    assert item["_aggregator"]["page"] == (f"{BASE}{page}" if page else "")


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_empty_output_is_a_valid_document(suffix: str) -> None:
    body = rendered(suffix, updated_at=datetime(1970, 1, 1, tzinfo=UTC))

    assert b"Every story once" in body
    assert suffix != "html" or b"Nothing yet" in body


@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_an_item_with_nothing_in_it_is_valid_all_the_same(suffix: str) -> None:
    read = feedparser.parse(rendered(suffix, BARE))

    assert not read.bozo
    assert read.entries[0].author == "Unknown"
    assert "links" not in read.entries[0]


def test_an_atom_entry_without_a_link_has_content() -> None:
    read = feedparser.parse(rendered("atom", BARE))

    assert read.entries[0].content[0].value == "Nothing"


def test_a_file_whose_source_is_unknown_names_none() -> None:
    root = ElementTree.fromstring(rendered("atom", BARE))

    assert root.find(f"{ATOM}entry/{ATOM}source") is None


def test_an_item_with_nothing_in_it_has_the_members_that_json_feed_asks_for() -> None:
    (item,) = json.loads(rendered("json", BARE))["items"]

    assert item["content_html"] == ""
    assert not {"url", "authors", "language", "attachments", "image"} & set(item)


HOSTILE = (
    "]]> -- \x00\x08\x1b \ud800 \ufffe 😀 \u202eabc\u202c <script>alert(1)</script> &amp; \"'" + "x" * 10_000
)


@pytest.mark.parametrize("suffix", FORMATS)
def test_hostile_text_leaves_every_format_well_formed(suffix: str) -> None:
    evil = replace(
        FULL,
        title=HOSTILE,
        author=HOSTILE,
        feed_title=HOSTILE,
        tags=("a",),
        also_in=(AlsoIn(feed_title=HOSTILE, url="https://x.org/", title=HOSTILE),),
    )

    body = rendered(suffix, evil, title=HOSTILE)

    text = body.decode()
    assert "\x00" not in text
    if suffix in ("atom", "rss"):
        ElementTree.fromstring(body)
    elif suffix == "json":
        assert "😀" in json.loads(body)["items"][0]["title"]
    else:
        assert "<script>alert" not in text


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_document_gives_the_same_bytes(suffix: str) -> None:
    assert rendered(suffix, FULL, BARE) == rendered(suffix, FULL, BARE)


def test_the_id_of_an_output_does_not_change_with_its_address() -> None:
    here, there = (
        ElementTree.fromstring(rendered("atom", base_url=base)) for base in (BASE, "http://localhost:8080/")
    )

    assert here.findtext(f"{ATOM}id") == there.findtext(f"{ATOM}id")


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("EN_us", "en-us"),
        ("de", "de"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("xx", None),
        ("english", None),
        ("en-", None),
        ("en-x!", None),
        (None, None),
    ],
)
def test_only_languages_that_everybody_knows_are_named(tag: str | None, said: str | None) -> None:
    assert language(tag) == said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("audio/mpeg", "audio/mpeg"),
        ("Text/HTML; charset=x", "text/html"),
        ("mp3", "application/octet-stream"),
        (None, "application/octet-stream"),
    ],
)
def test_a_media_type_is_one_or_a_safe_one(kind: str | None, said: str) -> None:
    assert media_type(Enclosure("https://x.org/", kind)) == said


def test_dates_are_written_as_each_format_asks() -> None:
    old = replace(FULL, published_at=datetime(1, 1, 1, tzinfo=UTC))

    assert b"<published>0001-01-01T00:00:00Z</published>" in rendered("atom", old)


def test_an_entry_with_only_a_link_repeats_its_title() -> None:
    lean = replace(FULL, summary="", content="", also_in=(), feed_site_url=None)

    read = feedparser.parse(rendered("atom", lean))

    assert read.entries[0].content[0].value == "Dam &lt;bursts&gt; &amp; floods"
    assert [link.rel for link in read.entries[0].source.links] == ["self"]


def test_no_two_atom_entries_were_updated_at_the_same_moment() -> None:
    twins = [replace(FULL, id=f"urn:uuid:{number}") for number in range(50)]

    root = ElementTree.fromstring(rendered("atom", *twins))

    said = [updated.text for updated in root.findall(f"{ATOM}entry/{ATOM}updated")]
    assert len(set(said)) == 50
    assert all(str(text).startswith("2026-11-24T13:00:00.") for text in said)


@pytest.mark.parametrize(
    ("title", "raw"),
    [
        ("AT&T buys", b"<title>AT&#x26;T buys</title>"),
        ("5 < 6 > 4", b"<title>5 &#x3C; 6 &#x3E; 4</title>"),
        ("The <b>tag</b>", b"<title>The &#x26;lt;b&#x26;gt;tag&#x26;lt;/b&#x26;gt;</title>"),
    ],
)
def test_rss_titles_are_written_as_most_readers_show_them_rightly(title: str, raw: bytes) -> None:
    assert raw in rendered("rss", replace(FULL, title=title))


def test_atom_titles_that_look_like_markup_say_that_they_are_text() -> None:
    body = rendered("atom", replace(FULL, title="The <b>tag</b>"))

    assert b'<title type="html">The &amp;lt;b&amp;gt;tag&amp;lt;/b&amp;gt;</title>' in body


def test_rss_categories_are_written_like_its_titles() -> None:
    body = rendered("rss", replace(FULL, tags=("R&D", "&#8211;", "a <b>tag</b>")))

    assert b"<category>R&#x26;D</category>" in body
    assert b"<category>&#x26;#8211;</category>" in body
    assert b"<category>a &#x26;lt;b&#x26;gt;tag&#x26;lt;/b&#x26;gt;</category>" in body


@pytest.mark.parametrize(
    ("author", "raw"),
    [
        ("Smith & Co", b"<name>Smith &#x26; Co</name>"),
        ("Blog &#8211; News", b"<name>Blog &#x26;#8211; News</name>"),
        ("Jane <b>Roe</b> <jane@example.org>", b"<name>Jane Roe</name>"),
        ("A <</b>/b>", b"<name>A &#x3C; /b&#x3E;</name>"),
        ("<>", b"<name>One &#x26; Only</name>"),
        ("2 < 3\nbooks", b"<name>2 &#x3C; 3 books</name>"),
    ],
)
def test_the_name_of_an_atom_author_cannot_be_taken_for_markup(author: str, raw: bytes) -> None:
    assert raw in rendered("atom", replace(FULL, author=author))


def test_a_title_over_several_lines_becomes_one() -> None:
    body = rendered("rss", FULL, title="All\n  the <news>\n")

    assert b"<title>All the &#x26;lt;news&#x26;gt;</title>" in body


@pytest.mark.parametrize(
    "address",
    ["http://nas/a.mp3", "https://my_pod.example.org/a.mp3", "https://me:secret@example.org/a.mp3"],
    ids=["a host without a dot", "an underscore", "a password"],
)
def test_a_file_that_no_rss_enclosure_may_name_is_media_content(address: str) -> None:
    files = (Enclosure(address, "audio/mpeg", 12), Enclosure(address + "?2", None, 0))

    root = ElementTree.fromstring(rendered("rss", replace(FULL, enclosures=files)))

    assert root.find("channel/item/enclosure") is None
    told = [dict(media.attrib) for media in root.findall(f"channel/item/{MEDIA}content")]
    assert told == [
        {"url": address, "type": "audio/mpeg", "fileSize": "12"},
        {"url": address + "?2", "type": "application/octet-stream"},
    ]


def test_the_first_file_that_an_rss_enclosure_may_name_is_the_enclosure() -> None:
    files = (Enclosure("http://nas/a.mp3", "audio/mpeg", 1), Enclosure("http://one.example.org/b.mp3"))

    root = ElementTree.fromstring(rendered("rss", replace(FULL, enclosures=files)))

    assert [file.get("url") for file in root.findall("channel/item/enclosure")] == [files[1].url]
    assert [media.get("url") for media in root.findall(f"channel/item/{MEDIA}content")] == [files[0].url]


def test_an_address_in_brackets_stands_only_where_validators_know_it() -> None:
    numbered = "http://[2001:db8::1]/x"
    item = replace(
        FULL,
        url=numbered,
        image=numbered,
        feed_url=numbered,
        enclosures=(Enclosure(numbered, "audio/mpeg", 1),),
    )

    assert b"[2001" not in rendered("rss", item)
    atom = ElementTree.fromstring(rendered("atom", item))
    assert atom.find(f"{ATOM}entry/{MEDIA}thumbnail") is None
    links = [
        link.get("rel") for link in atom.findall(f"{ATOM}entry/{ATOM}link") if link.get("href") == numbered
    ]
    assert links == ["alternate", "enclosure"]
