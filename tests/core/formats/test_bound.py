"""Documents stay below the size that readers and validators take, and lose no item for it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aggregator.core.formats import FORMATS
from aggregator.core.formats.bound import BOUND, CUT, STEPS, fitted, shortened
from aggregator.core.text import paragraphs, plain_text
from aggregator.model import AlsoIn, Document, Enclosure, Item
from tests.builders import NOON
from tests.grammar.judges import faults

LINKS = {suffix: f"https://news.example.org/all.{suffix}" for suffix in FORMATS}


def an_item(number: int, content: str, *, summary: str = "", title: str = "News") -> Item:
    return Item(
        id=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        url=f"https://news.example.org/{number}",
        title=title,
        author="",
        summary=summary,
        content=content,
        lang="en",
        published_at=NOON,
        updated_at=NOON,
        news_at=NOON,
    )


def a_document(*items: Item) -> Document:
    return Document(
        name="all",
        title="All",
        description="All of it",
        base_url="https://news.example.org/",
        updated_at=NOON,
        items=items,
    )


def rendered(document: Document) -> Iterator[tuple[str, bytes]]:
    return ((suffix, form.render(document, LINKS)) for suffix, form in FORMATS.items())


def plain(markup: str) -> tuple[str, ...]:
    return tuple(filter(None, map(plain_text, paragraphs(markup))))


def test_a_document_that_fits_stays_as_it_is() -> None:
    document = a_document(an_item(1, "<p>Short</p>"), an_item(2, "<p>" + "long " * 60_000 + "</p>"))

    fit, bodies = fitted(document, rendered, least=2)

    assert fit is document
    assert bodies == dict(rendered(document))


@pytest.mark.parametrize("letter", [f"<p>{'word &amp; ' * 100}</p>", "字", '"'])
def test_a_hundred_entries_of_200_kilobytes_are_all_there_in_valid_feeds_below_the_bound(letter: str) -> None:
    content = letter * (200_000 // len(letter.encode()))
    document = a_document(*(an_item(number, content) for number in range(100)))

    fit, bodies = fitted(document, rendered, least=100)

    assert [item.id for item in fit.items] == [item.id for item in document.items]
    assert all(2_000 < len(body) <= BOUND for body in bodies.values())
    assert all(len(plain_text(item.content)) > 3_000 for item in fit.items)
    assert [faults(suffix, body) for suffix, body in bodies.items()] == [[]] * 4


def test_a_long_summary_is_cut_as_a_content_is() -> None:
    item = shortened(an_item(1, "word " * 100, summary="more " * 100), 50, plain)

    assert item.summary.startswith("<p>more more")
    assert max(len(plain_text(item.summary)), len(plain_text(item.content))) < 130


def test_a_small_entry_among_large_ones_keeps_its_text() -> None:
    large = (an_item(number, "<p>" + "word " * 40_000) for number in range(99))
    small = an_item(99, "<p>Two <b>words</b></p>")

    fit, _ = fitted(a_document(*large, small), rendered, least=100)

    assert fit.items[-1] == small
    assert CUT in fit.items[0].content


def test_where_there_is_an_archive_the_oldest_go_there_and_texts_stay_whole() -> None:
    document = a_document(*(an_item(number, "word " * 4_000) for number in range(400)))

    fit, bodies = fitted(document, rendered, least=100)

    assert fit.items == document.items[:200]
    assert all(len(body) <= BOUND for body in bodies.values())


def test_no_fewer_than_must_be_shown_are_shown() -> None:
    document = a_document(*(an_item(number, "word " * 10_000) for number in range(150)))

    fit, _ = fitted(document, rendered, least=100)

    assert [item.id for item in fit.items] == [item.id for item in document.items[:100]]
    assert CUT in fit.items[0].content


def test_the_oldest_are_left_out_where_titles_alone_are_too_much() -> None:
    document = a_document(*(an_item(number, "", title="<" * 1_000) for number in range(1_000)))

    fit, bodies = fitted(document, rendered, least=1_000)

    assert fit.items == document.items[: len(fit.items)]
    assert 100 < len(fit.items) < 1_000
    assert all(len(body) <= BOUND for body in bodies.values())


def test_a_document_that_cannot_fit_has_no_items() -> None:
    document = a_document(an_item(1, "", title="x" * BOUND))

    fit, _ = fitted(document, rendered, least=1)

    assert fit.items == ()


def test_a_cut_text_begins_as_it_did_and_leads_on_to_the_source() -> None:
    item = an_item(1, '<p>One <b>& two</b></p><img src="data:xx"><p>Three &lt;four&gt;</p><p>Five</p>')

    assert shortened(item, 18, plain).content == (
        "<p>One &amp; two</p><p>Three &lt;fo</p>"
        f'<p><a href="https://news.example.org/1">{CUT}</a></p>'
    )  # fmt: skip


def test_a_text_that_is_long_by_its_markup_alone_keeps_all_its_words() -> None:
    item = an_item(1, f'<p>All of it</p><img src="data:image/png;base64,{"A" * 10_000}">')

    assert plain_text(shortened(item, 1_000, plain).content) == f"All of it {CUT}"


def test_a_cut_text_without_a_link_says_so_alone() -> None:
    item = replace(an_item(1, "word " * 100), url=None)

    assert shortened(item, 0, plain).content == f"<p>{CUT}</p>"


def test_at_last_only_what_an_item_must_have_is_left() -> None:
    file = Enclosure("https://a.example/f.mp3", "audio/mpeg", 1)
    other = AlsoIn(feed_title="Two", url="https://two.example/", title="")
    item = replace(
        an_item(1, "word"),
        tags=tuple("abcdefghijkl"),
        enclosures=(file, file),
        also_in=(other,),
        also_more=3,
    )

    bare = shortened(item, STEPS[-1], plain)

    assert (bare.tags, bare.enclosures, bare.also_in, bare.also_more) == (tuple("abcdefghij"), (file,), (), 0)
