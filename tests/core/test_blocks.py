"""Where a text is cut: what a page repeats has to stand alone, what is told has to stay whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.blocks import Block, blocks, sentences
from aggregator.core.text import plain_text

LINK = '<a class="x" href="https://e.org/live?id=7#top">{}</a>'
LONG = "NATO: the ministers met in Brussels / Ghent on Tuesday and talked until late about ships"


@pytest.mark.parametrize(
    ("markup", "texts"),
    [
        ("", []),
        ("One thing. Another thing! A third? Yes", ["One thing.", "Another thing!", "A third?", "Yes"]),
        ("Share | Print · Log in", ["Share", "Print", "Log in"]),
        ("<p>One <b>bold</b> word</p><p>Two<br/>Three</p>", ["One bold word", "Two", "Three"]),
        ("<ul><li>A1</li><li>B2</li></ul><table><tr><td>C3<td>D4</table>", ["A1", "B2", "C3", "D4"]),
        ("<p>Photo: Ann Lee / Reuters</p>", ["Photo:", "Ann Lee", "Reuters"]),
        ("<p>写真：鈴木 / 共同</p>", ["写真：", "鈴木", "共同"]),
        (f"<p>Photo: Ann Lee / {LINK.format('Desk')}</p>", ["Photo:", "Ann Lee /", "Desk"]),
        (f"<p>{LINK.format('Log in')} to comment</p>", ["Log in", "to comment"]),
        (f"<p>The minister of {LINK.format('NATO')} said so.</p>", ["The minister of NATO said so."]),
        ("<p>Moscow: no comment.</p>", ["Moscow: no comment."]),
        (f"<p>{LONG}</p>", [LONG]),
        ("<p>***</p><hr><p>—</p>", []),
        ("<!-- Log in --><style>p {}</style><p>Text</p>", ["Text"]),
    ],
)
def test_where_a_text_is_cut(markup: str, texts: list[str]) -> None:
    assert [block.text for block in blocks(markup)] == texts


@pytest.mark.parametrize(
    ("href", "place"),
    [
        ("https://e.org/live?id=7&amp;n=1#top", "e.org/live"),
        ("https://e.org", "e.org"),
        ("https://[/", None),
    ],
)
def test_a_link_is_known_by_its_place(href: str, place: str | None) -> None:
    assert list(blocks(f'<p><a href="{href}">Follow live</a></p>')) == [Block("Follow live", place)]


def test_a_line_with_more_markup_than_a_page_has_is_not_cut_at_its_links() -> None:
    opened = '<a href="https://e.org/">' * 80_000

    assert [block.text for block in blocks(f"{opened}Follow / live")] == ["Follow / live"]


def test_sentences_end_at_their_marks_in_any_script() -> None:
    assert sentences("港に灯。 三千人。") == ("港に灯。", "三千人。")


MARKUP = st.text(st.sampled_from("ab .:/|<>&;\"' \n1港"), max_size=60) | st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            LINK.format("x1"),
            "A: b",
            " / ",
            " | ",
            ". ",
            "&amp;",
            "<br>",
            "</a>",
        ]
    ),
    max_size=20,
).map("".join)


@given(MARKUP)
def test_no_word_is_lost_or_made_by_cutting(markup: str) -> None:
    def letters(text: str) -> str:
        return "".join(filter(str.isalnum, text))

    assert letters("".join(block.text for block in blocks(markup))) == letters(plain_text(markup))
