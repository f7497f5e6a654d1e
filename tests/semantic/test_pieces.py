"""How words are cut into pieces that a table knows."""

import pytest

from aggregator.semantic.pieces import pieces

PARTS = ("▁v", "▁va", "ll", "▁vall", "ey", "alley", "▁", "v", "a", "l", "e", "y")  # the commonest first
VOCABULARY = {part: number for number, part in enumerate(PARTS, 300)}


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        pytest.param("vall", [303], id="joined pieces are joined again"),
        pytest.param("valley", [303, 304], id="the commonest neighbours first"),
        pytest.param("vl", [300, 309], id="what makes no piece stays as it is"),
        pytest.param("lé", [306, 309, 3 + 0xC3, 3 + 0xA9], id="what has no name is told in bytes"),
    ],
)
def test_a_word_is_cut(word: str, numbers: list[int]) -> None:
    assert pieces(word, VOCABULARY) == numbers
