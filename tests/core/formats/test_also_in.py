"""Who else tells a story: for people in the language of the text, for machines as links."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from aggregator.core.formats.also_in import HEADINGS, MOST, WORDS, also_in
from aggregator.core.formats.markup import label
from aggregator.model import AlsoIn, Item
from tests.core.formats.pieces import ATOM, FULL, rendered


def told_by(number: int) -> Item:
    """A story that so many other feeds tell."""
    others = [AlsoIn(feed_title=f"Feed {n}", url=f"https://f{n}.example.org/") for n in range(number)]
    return replace(FULL, also_in=tuple(others), coverage=number + 1)


@pytest.mark.parametrize(
    ("lang", "begins"),
    [
        ("en-GB", '<p lang="en" dir="ltr">Also in: <a '),
        ("de", '<p lang="de" dir="ltr">Auch in: <a '),
        ("ar-EG", '<p lang="ar" dir="rtl">أيضًا في: <a '),
        ("he", '<p lang="en" dir="ltr">Also in: <a '),
        ("klingon", '<p lang="en" dir="ltr">Also in: <a '),
        (None, '<p lang="en" dir="ltr">Also in: <a '),
    ],
)
def test_the_line_speaks_the_language_of_the_story_or_english(lang: str | None, begins: str) -> None:
    assert also_in(replace(FULL, lang=lang)).startswith(begins)


@pytest.mark.parametrize("lang", WORDS)
def test_every_language_can_say_how_many_are_not_shown(lang: str) -> None:
    assert f" {WORDS[lang][1].format(7)}</p>" in also_in(replace(told_by(MOST + 6), lang=lang))


def test_nobody_else_is_no_line() -> None:
    assert also_in(told_by(0)) == ""


@pytest.mark.parametrize(
    ("number", "links", "end"),
    [(MOST, MOST, "Feed 19</a></p>"), (MOST + 1, MOST - 1, " and 2 more</p>")],
    ids=["as many as fit", "one too many"],
)
def test_the_line_is_bounded_and_says_what_it_leaves_out(number: int, links: int, end: str) -> None:
    line = also_in(told_by(number))

    assert line.count("<a ") == links
    assert line.endswith(end)


def test_atom_and_rss_name_the_others_as_related() -> None:
    atom = ElementTree.fromstring(rendered("atom", FULL)).find(f"{ATOM}entry")
    rss = ElementTree.fromstring(rendered("rss", FULL)).find("channel/item")

    for item in (atom, rss):
        assert item is not None
        links = [dict(one.attrib) for one in item.findall(f"{ATOM}link[@rel='related']")]
        assert links == [
            {"rel": "related", "href": "https://two.example.org/x?y&z", "title": 'Two 2 : A "title"'},
            {"rel": "related", "href": "https://three.example.org/", "title": "Three: Dam bursts & floods"},
        ]


def test_the_description_of_rss_names_them_too() -> None:
    item = ElementTree.fromstring(rendered("rss", FULL)).find("channel/item")

    assert item is not None
    said = str(item.findtext("description"))
    assert said.startswith(FULL.summary)
    assert "Also in: <a href" in said


def test_json_feed_gives_them_an_object_of_ours() -> None:
    (item,) = json.loads(rendered("json", FULL))["items"]

    assert item["_aggregator"]["also_in"] == [
        {"feed": "Two <2>", "url": "https://two.example.org/x?y&z", "title": 'A "title"'},
        {"feed": "Three", "url": "https://three.example.org/", "title": FULL.title},
    ]


def test_what_an_event_does_not_name_is_counted_with_the_rest() -> None:
    event = replace(told_by(21), also_more=13)

    assert also_in(event).count("<a ") == MOST - 1
    assert also_in(event).endswith(" and 15 more</p>")


def an_event(number: int, lang: str | None = "en") -> Item:
    """An event with so many other stories."""
    others = [
        AlsoIn(feed_title="The <A>", url=f"https://a.example.org/{n}", title=f"News & {n}")
        for n in range(number)
    ]
    return replace(FULL, lang=lang, also_in=tuple(others), also_told=True, coverage=2)


def test_the_other_stories_of_an_event_are_a_list_of_their_titles_with_their_feeds() -> None:
    assert also_in(an_event(2, "de")) == (
        '<p lang="de" dir="ltr">Weitere Meldungen:</p><ul>'
        '<li dir="auto"><a href="https://a.example.org/0">News &amp; 0</a> (The &lt;A&gt;)</li>'
        '<li dir="auto"><a href="https://a.example.org/1">News &amp; 1</a> (The &lt;A&gt;)</li></ul>'
    )


def test_a_copy_of_the_lead_stands_in_the_list_under_the_title_of_the_lead() -> None:
    event = replace(an_event(1), also_in=(AlsoIn(feed_title="Two", url="https://two.example.org/"),))

    assert ">Dam &lt;bursts&gt; &amp; floods</a> (Two)</li>" in also_in(event)


def test_the_list_is_bounded_and_says_what_it_leaves_out() -> None:
    listed = also_in(an_event(MOST + 6, "ar"))

    assert listed.count("<a ") == MOST - 1
    assert listed.endswith(f'<li lang="ar" dir="rtl">{WORDS["ar"][1].format(7)}</li></ul>')
    assert also_in(an_event(MOST)).count("<li") == MOST


def test_every_language_that_has_a_line_has_a_heading() -> None:
    assert HEADINGS.keys() == WORDS.keys()


@pytest.mark.parametrize("suffix", ["atom", "rss", "json", "html"])
def test_every_format_shows_the_titles_of_an_event(suffix: str) -> None:
    body = rendered(suffix, an_event(2)).decode()

    assert "Other reports:" in body
    assert "Also in:" not in body


@pytest.mark.parametrize("suffix", ["atom", "rss", "json"])
def test_machines_get_no_more_of_them_than_people(suffix: str) -> None:
    assert b"https://f18.example.org/" in rendered(suffix, told_by(100))
    assert b"https://f19.example.org/" not in rendered(suffix, told_by(100))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("AT&T and R&D & more", "AT&T and R&D & more"),
        ("a <b>bold</b> &amp; &#38; &x2 &apos; word", "a b bold /b amp; #38; x2 apos; word"),
        ("<>", None),
        (" \x00 ", None),
    ],
)
def test_a_label_holds_nothing_that_could_be_markup(text: str, plain: str | None) -> None:
    assert label(text) == plain
