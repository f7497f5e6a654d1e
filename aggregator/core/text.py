"""Text as matching needs it: cleaned, freed of markup, folded, cut into words. Pure; knows no language.

Filters, tags, fingerprints and outputs all read text through here, so that they agree on what a word is.

To add a script that is written without spaces: its range in `UNSPACED`, a row in tests/core/test_text.py.
"""

import hashlib
import html
import re
import unicodedata

import regex

# XML 1.0 §2.2 `Char`: everything else makes a document ill-formed, however it is escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# C0 but for white space, DEL, C1, and what embeds or overrides a direction (Unicode UAX #9 §2).
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What is never closed runs to the end, as in a browser: looking again from each `<!--` would be quadratic.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_INSIDE_WORDS = "a|abbr|b|bdi|bdo|cite|code|em|font|i|ins|kbd|mark|s|small|span|strong|sub|sup|u|wbr"
_INLINE = re.compile(rf"</?(?:{_INSIDE_WORDS})\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!?][^>]*>?")
_BETWEEN = re.compile(rf"</?(?!(?:{_INSIDE_WORDS})\b)[a-zA-Z!?][^<>]*>", re.IGNORECASE)

# What readers leave out when they type: accents, Hebrew and Arabic vowel points, the Arabic stretcher, and
# what has no shape at all (soft hyphens, joiners, direction marks). The marks of other scripts are letters
# to their readers (が is not か, क is not क्) and stay.
LEFT_OUT = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u00ad\u200c-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
# Letters that carry their accent inside and so have no decomposition in Unicode.
PLAIN_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe"})

# One character is one word in each of these.
UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Myanmar, Khmer
    "\u3005-\u3007\u3040-\u30ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
# `regex` and not `re`: its \w holds the vowel signs of Hindi, Bengali or Tamil, which belong to the word.
_WORD = regex.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}_]+")


def is_seen(text: str) -> bool:
    """Whether a reader sees anything of it: direction marks and joiners alone have no shape."""
    return bool(LEFT_OUT.sub("", text).strip())


def visible(text: str) -> str:
    """The text with its control characters as `<U+202E>`.

    A terminal would obey the controls, and those of direction turn round what stands beside the text.
    """
    return _CONTROLS.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def clean_text(text: str) -> str:
    """The text without the characters that XML forbids: controls, lone surrogates, U+FFFE and U+FFFF."""
    return _FORBIDDEN.sub("", text)


def plain_text(markup: str) -> str:
    """What a person reads of this HTML: no tags, no entities, white space collapsed to single blanks."""
    if "<" in markup:
        markup = _UNSEEN.sub(" ", markup)
        markup = _TAG.sub(" ", _INLINE.sub("", markup))
    return " ".join(html.unescape(markup).split())


def paragraphs(markup: str) -> tuple[str, ...]:
    """The same HTML cut where an element ends a line (paragraphs, items, cells, breaks); empty ones left out.

    Each still has its links and what else may stand inside a sentence.
    """
    if "<" in markup:
        markup = _UNSEEN.sub(" ", markup)
    return tuple(part for part in _BETWEEN.split(markup) if part and not part.isspace())


def folded(text: str) -> str:
    """The text without case, accents and compatibility forms: what is alike to a reader is equal.

    NFKC, full case folding (ß is ss), marks removed (Unicode UAX #15, CaseFolding.txt).
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", LEFT_OUT.sub("", decomposed)).translate(PLAIN_LETTERS)


def words(text: str) -> tuple[str, ...]:
    """The folded words in order; scripts without spaces give one word for each character."""
    return words_of_folded(folded(text))


def words_of_folded(text: str) -> tuple[str, ...]:
    """The words of a text that is folded already."""
    return tuple(_WORD.findall(text))


def same_key(text: str) -> str:
    """A key that two texts share when they have the same words in the same order."""
    return " ".join(words(text))


def key64(text: str) -> int:
    """The text as a signed 64-bit integer, which is what an SQLite integer holds (BLAKE2b, RFC 7693)."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def counted(number: int, noun: str) -> str:
    """`1 story`, `2 stories`, `1,204 feeds`."""
    plural = noun.removesuffix("y") + "ies" if noun.endswith("ry") else noun + "s"
    return f"{number:,} {noun if number == 1 else plural}"
