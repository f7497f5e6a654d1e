"""Documents made harmless and whole: where items are, where a cut document ends."""

import pytest

from aggregator.parse.markup import HIDDEN_AT, harmless, item_spans, tidy

HEAD = "<rss><channel>"
END = "</channel></rss>"


@pytest.mark.parametrize(
    ("cut", "kept"),
    [
        ("<item>a</item><item>b", "<item>a</item>"),
        ("<item>a</item><item/><item>b", "<item>a</item><item/>"),
        ("<item>a</item><item>b<item>c", "<item>a</item>"),
        ("<item>a</item><item>b<x:item/>c", "<item>a</item>"),
        ("<item>a", ""),
        ("<item>a<!-- </item> --> b", ""),
    ],
)
def test_a_cut_document_ends_after_its_last_whole_item(cut: str, kept: str) -> None:
    document = harmless(HEAD + cut)

    assert document.text.endswith(f"?>{HEAD}{kept}{END}")
    assert not document.complete


def test_a_document_cut_outside_its_items_is_left_as_it_is() -> None:
    document = harmless(f"{HEAD}<item>a</item><image>")

    assert document.text.endswith("<item>a</item><image>")
    assert not document.complete


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("<item>a</item><item>b</item>", ["<item>a</item>", "<item>b</item>"]),
        ("</item><item>a</item>", ["<item>a</item>"]),
        ("<item>a<item>b</item>", ["<item>a<item>b</item>"]),
        ("<item/><item>a</item><item>b", ["<item>a</item>"]),
        ("<item><![CDATA[</item>]]></item>", ["<item><![CDATA[</item>]]></item>"]),
        ("<items>none</items>", []),
    ],
)
def test_items_are_found_whole(text: str, items: list[str]) -> None:
    assert [text[start:end] for start, end in item_spans(text)] == items


def test_a_hidden_at_sign_is_shown_again() -> None:
    assert tidy(f"a{HIDDEN_AT}b") == "a@b"
