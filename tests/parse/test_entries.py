"""What one entry says: authors, addresses, pictures, files."""

import pytest

from aggregator.model import Enclosure, ParsedEntry
from aggregator.parse import parse_document

URL = "https://news.example/feed"


def an_entry(inside: str) -> ParsedEntry:
    """The entry of an RSS document that has one."""
    head = (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        ' xmlns:media="http://search.yahoo.com/mrss/"><channel>'
    )
    body = f"{head}<item><title>T</title>{inside}</item></channel></rss>"
    (entry,) = parse_document(body.encode(), URL, None).entries
    return entry


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("<author>desk@gazette.example (John Doe)</author>", "John Doe"),
        ("<author>desk@gazette.com (John Doe)</author>", "John Doe"),
        ("<author>John Doe (desk@gazette.example)</author>", "John Doe"),
        ("<author>John Doe &lt;desk@gazette.example&gt;</author>", "John Doe"),
        ("<author><![CDATA[John Doe <desk@gazette.example>]]></author>", "John Doe"),
        ("<author>desk@gazette.example</author>", "desk@gazette.example"),
        ("<author>noreply@gazette.example</author>", ""),
        ("<author>a@one.media (Ann)</author><dc:creator>Bob</dc:creator>", "Ann, Bob"),
        ("<author>a@one.media (Ann)</author><dc:creator>ANN</dc:creator>", "Ann"),
        ("<author>x@one.media (Ann)</author><author>x@one.media (Bob)</author>", "Ann, Bob"),
        ("<author>Ann (a@one.media)</author><itunes:author>b@two.media</itunes:author>", "Ann, b@two.media"),
    ],
)
def test_authors_are_named_without_their_addresses(authors: str, expected: str) -> None:
    assert an_entry(authors).author == expected


def test_authors_named_by_elements_of_atom_keep_their_names() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title>'
        b"<author><name>Ann</name><email>a@one.media</email></author>"
        b"<author><name>Bob</name><email>b@two.media</email></author></entry></feed>"
    )

    (entry,) = parse_document(body, URL, None).entries

    assert entry.author == "Ann, Bob"


def test_an_author_in_atom_without_a_name_does_not_garble_the_others() -> None:
    body = (
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title>'
        b"<author><name>Ann</name><email>a@one.media</email></author>"
        b"<author><email>b@two.media</email></author></entry></feed>"
    )

    (entry,) = parse_document(body, URL, None).entries

    assert entry.author == "Ann"


def test_an_at_sign_in_a_text_about_authors_stays() -> None:
    entry = an_entry("<description><![CDATA[<p><author>write to a@one.media</author></p>]]></description>")

    assert entry.content == "<p>write to a@one.media</p>"


@pytest.mark.parametrize("name", ["a.jpg", "a.WEBP?w=600", "a.avif"])
def test_media_of_an_undeclared_kind_is_a_picture_by_its_name(name: str) -> None:
    entry = an_entry(f'<media:content url="https://img.example/{name}"/>')

    assert entry.image == f"https://img.example/{name}"
    assert entry.enclosures == ()


def test_media_of_an_undeclared_kind_is_a_picture_by_its_width() -> None:
    assert (
        an_entry('<media:content url="https://img.example/7" width="600"/>').image == "https://img.example/7"
    )


def test_other_media_of_an_undeclared_kind_is_a_file() -> None:
    entry = an_entry('<media:content url="https://img.example/a.mp4"/>')

    assert entry.image is None
    assert entry.enclosures == (Enclosure("https://img.example/a.mp4", None, None),)


def test_a_category_that_says_nothing_is_left_out() -> None:
    entry = an_entry(
        "<category>World</category><category>&lt;b&gt;&lt;/b&gt;</category><category>WORLD</category>"
    )

    assert entry.categories == ("World",)


@pytest.mark.parametrize(
    ("links", "about"),
    [
        ('<link rel="related" href="https://wire.example/1"/>', "https://wire.example/1"),
        (
            '<link rel="related" href="/1"/><link rel="related" href="https://news.example/1"/>',
            "https://news.example/1",
        ),
        ('<link rel="related" href="https://wire.example/1"/><link rel="related" href="/2"/>', None),
        ('<link rel="related" href="mailto:a@b.example"/>', None),
        ('<link rel="via" href="https://wire.example/1"/>', None),
    ],
    ids=["one", "the same twice", "further reading", "no page", "where it was found"],
)
def test_an_entry_of_a_link_blog_says_what_it_points_to(links: str, about: str | None) -> None:
    link = '<link href="https://blog.example/1"/>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title>{link}{links}</entry></feed>'

    (entry,) = parse_document(body.encode(), URL, None).entries

    assert (entry.url, entry.about) == ("https://blog.example/1", about)


@pytest.mark.parametrize(
    ("link", "url", "about"),
    [
        ('"url": "https://blog.example/1", ', "https://blog.example/1", "https://wire.example/1"),
        ('"url": "https://wire.example/1", ', "https://wire.example/1", None),
        ("", "https://wire.example/1", None),
    ],
)
def test_an_external_url_of_json_feed_is_what_the_item_points_to(
    link: str, url: str, about: str | None
) -> None:
    item = f'{{"id": "1", {link}"external_url": "https://wire.example/1"}}'
    body = f'{{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{item}]}}'

    (entry,) = parse_document(body.encode(), URL, None).entries

    assert (entry.url, entry.about) == (url, about)
