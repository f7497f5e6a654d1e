"""What an entry of a link blog, a forum or an aggregator is about."""

import pytest

from aggregator.core.dedup import fingerprints
from aggregator.core.targets import MAX_CHARACTERS, MAX_LINKS, MAX_OWN_WORDS, MAX_TOLD_WORDS, linked_target
from aggregator.core.text import key64
from aggregator.core.urls import canonical
from aggregator.model import MatchedBy
from tests.builders import a_parsed_entry

TITLE = "Dam bursts in northern valley"
TARGET = "https://www.thewire.example/2026/11/24/dam?utm_source=rss"
PAGE = canonical(TARGET)
THREAD = "https://www.forum.example/r/news/comments/1"
LINK = f'<a href="{TARGET}">{TITLE}</a>'
OTHER = '<a href="https://elsewhere.example/2026/rain">Rain goes on</a>'
TEXT = "Thousands were told to leave their homes on Tuesday after a dam gave way. "

REDDIT = f"""<table><tr><td> <a href="{THREAD}"> <img src="https://thumbs.example/1.jpg"> </a> </td><td>
submitted by <a href="https://www.forum.example/user/desk"> /u/desk </a> to
<a href="https://www.forum.example/r/news/"> r/news </a> <br> <span><a href="{{}}">[link]</a></span>
<span><a href="{THREAD}">[comments]</a></span></td></tr></table>"""
HNRSS = f"""<p>Article URL: <a href="{TARGET}">{TARGET}</a></p>
<p>Comments URL: <a href="https://news.talk.example/item?id=1">https://news.talk.example/item?id=1</a></p>
<p>Points: 5</p><p># Comments: 3</p>"""
TECHMEME = f"""<a href="{TARGET}"><img src="https://thumbs.example/1.jpg"></a>
<p><a href="{THREAD}" title="Permalink"><img src="https://thumbs.example/p.gif"></a> A. Reporter /
<a href="https://www.thewire.example/">The Wire</a>:<br><span><b>{LINK}</b></span> — {TEXT * 3}</p>"""
LEMMY = f"""submitted by <a href="https://forum.example/u/desk">desk</a> to
<a href="https://forum.example/c/news">news</a><br>12 points | <a href="{THREAD}">3 comments</a><br>
<a href="{TARGET}">{TARGET}</a>"""


def target(content: str, **changes: object) -> str | None:
    return linked_target(a_parsed_entry(**{"url": THREAD, "title": TITLE, "content": content, **changes}))


@pytest.mark.parametrize(
    "content",
    [
        REDDIT.format(TARGET),
        f'<div><p>{TEXT} See {OTHER}.</p></div> <a href="{TARGET}">[link]</a>',
        HNRSS,
        TECHMEME,
        LEMMY,
        f'<a href="{TARGET}">Link</a>',
        f"<p>{LINK}</p>",
        f'<p>From <a href="{TARGET}">The Wire</a>:</p><blockquote><p>{TEXT * 9}</p></blockquote>',
        f'<p>{LINK} <a href="{THREAD}">★</a></p>',
        f'<p><a href="{TARGET}">The Wire</a> <a href="https://links.example/1">#</a></p>',
        f'{LINK} <a href="https://talk.example/t/1">Comments</a>',
        f'{LINK} <a href="https://www.facebook.com/sharer.php?u=x">Share</a> <a href="https://x.com/wire">X</a>',
        f'<p>The post {LINK} appeared first on <a href="https://www.thewire.example/">The Wire</a>.</p>',
        f'<p title="a > b">{LINK}</p>',
        LINK.replace("&", "&amp;"),
    ],
)
def test_a_pointer_is_about_what_it_points_to(content: str) -> None:
    assert target(content) == PAGE


@pytest.mark.parametrize(
    "content",
    [
        "",
        TEXT,
        f'<p>{TEXT * 3} as <a href="{TARGET}">The Wire</a> reports.</p>',
        f"<p>{TEXT * 9} {LINK}</p>",
        f'<p>{TEXT} <a href="{TARGET}">one</a>, {OTHER}</p>',
        f"<ul><li>{LINK}</li>"
        + "".join(f'<li><a href="https://p{n}.example/{n}">Of {n}</a></li>' for n in range(9)),
        REDDIT.format(THREAD) + f"<p>{LINK}</p>",
        f'<a href="{TARGET}">[link]</a> <a href="https://elsewhere.example/1">[link]</a>',
        f'<a href="{TARGET}">Comments</a>',
        f'<a href="{TARGET}">★</a>',
        '<a href="https://forum.example/r/other/1">in the other forum</a>',
        '<a href="https://www.thewire.example/">The Wire</a>',
        '<a href="mailto:desk@wire.example">write</a> <a name="top">top</a>',
        'Photo: <a href="https://photos.example/@desk">Desk</a>',
        f"<p>{LINK}</p>".ljust(MAX_CHARACTERS + 1),
        LINK + f'<a href="{THREAD}">a</a>' * MAX_LINKS,
    ],
)
def test_what_speaks_for_itself_is_about_nothing_else(content: str) -> None:
    assert target(content) is None


@pytest.mark.parametrize(("words", "found"), [(MAX_OWN_WORDS, PAGE), (MAX_OWN_WORDS + 1, None)])
def test_an_only_link_counts_in_a_text_with_few_words_of_its_own(words: int, found: str | None) -> None:
    assert target(f'<p>{"word " * words}<a href="{TARGET}">there</a></p>') == found


@pytest.mark.parametrize(("words", "found"), [(MAX_TOLD_WORDS, PAGE), (MAX_TOLD_WORDS + 1, None)])
def test_a_link_with_the_title_counts_in_a_text_of_middle_length(words: int, found: str | None) -> None:
    assert target(f"<p>{'word ' * words}{LINK}</p>") == found


@pytest.mark.parametrize(
    ("title", "found"),
    [
        (f"{TITLE} (A. Reporter/The Wire)", PAGE),
        (f"{TITLE}, and nine other things that you should have read this week", None),
        ("A dam bursts in the north", None),
    ],
    ids=["and who wrote it", "and much else", "other words"],
)
def test_a_link_has_to_say_most_of_the_title(title: str, found: str | None) -> None:
    assert target(f"<p>{TEXT} {LINK}</p>", title=title) == found


def test_a_short_title_is_said_by_chance() -> None:
    assert target(f'<p>{TEXT} <a href="{TARGET}">On dams</a></p>', title="On dams") is None


@pytest.mark.parametrize(
    ("url", "found"),
    [("https://science.slashdot.org/story/26/11/24/1/dam", PAGE), ("https://blog.example/dam", None)],
)
def test_a_site_that_is_all_digests_is_about_its_only_link(url: str, found: str | None) -> None:
    content = f'<p>A reader quotes <a href="{TARGET}">The Wire</a>: {TEXT * 3}</p>'

    assert target(content, url=url) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"about": TARGET}, PAGE),
        ({"about": TARGET, "content": OTHER}, PAGE),
        ({"about": "https://blog.forum.example/2026/dam"}, None),
        ({"about": "https://www.thewire.example/"}, None),
        ({"about": TARGET, "url": None}, None),
        ({"about": TARGET, "url": "https://forum.example/"}, PAGE),
        ({"about": "https://b.example.co.uk/2026/dam", "url": "https://a.example.co.uk/1"}, None),
        ({"about": "https://b.co.uk/2026/dam", "url": "https://a.co.uk/1"}, "b.co.uk/2026/dam"),
    ],
)
def test_what_the_feed_says_that_it_is_about_counts_first(
    changes: dict[str, str | None], found: str | None
) -> None:
    assert linked_target(a_parsed_entry(**{"url": THREAD, **changes})) == found


def test_where_the_page_was_read_only_the_feeds_own_text_is_asked() -> None:
    assert target(f"<p>{LINK}</p>", summary=TEXT, own_text_key=1) is None
    assert target(TEXT * 9, summary=f"<p>{LINK}</p>", own_text_key=1) == PAGE


def test_a_page_and_what_is_about_it_share_their_key() -> None:
    pointer = fingerprints(a_parsed_entry(url=THREAD, summary=LINK))
    article = fingerprints(a_parsed_entry(url=TARGET))

    assert PAGE is not None
    assert [one.key for one in pointer if one.signal is MatchedBy.TARGET] == [key64(PAGE)]
    assert [one.key for one in article if one.signal is MatchedBy.URL] == [key64(PAGE)]


@pytest.mark.parametrize(
    "part", ['<a href="', "<a", "<a href=x>", "<blockquote>", "</a>", '<a href="https://x.example/1">']
)
def test_markup_that_is_never_closed_costs_no_time(part: str) -> None:
    assert target(part * (MAX_CHARACTERS // len(part))) in (None, "x.example/1")
