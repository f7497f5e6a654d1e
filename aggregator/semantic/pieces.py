"""A word cut into the pieces that a table has vectors for. Pure.

Byte-pair encoding as SentencePiece does it: the neighbours that make the commonest piece become one, until no
two of them make a piece; what has no name of its own is told in bytes. Pieces are numbered by how common they
are, so their numbers are the order of joining.
"""

from collections.abc import Mapping

BEGINS = "▁"  # a word, as the table writes it
FIRST_BYTE = 3  # the piece of byte 0
NO_PIECE = 1 << 32  # above all numbers


def pieces(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """The numbers of the word's pieces, in order."""
    parts = list(BEGINS + word)
    while joined := _commonest(parts, vocabulary):
        parts[joined - 1 : joined + 1] = ["".join(parts[joined - 1 : joined + 1])]
    return [number for part in parts for number in _numbers(part, vocabulary)]


def _commonest(parts: list[str], vocabulary: Mapping[str, int]) -> int:
    """The place of the second of the two to be joined; 0 where there are none."""
    best, found = NO_PIECE, 0
    for place in range(1, len(parts)):
        number = vocabulary.get(parts[place - 1] + parts[place], best)
        if number < best:
            best, found = number, place
    return found


def _numbers(part: str, vocabulary: Mapping[str, int]) -> list[int]:
    known = vocabulary.get(part)
    return [known] if known is not None else [FIRST_BYTE + byte for byte in part.encode("utf-8", "replace")]
