"""What a word is to a filter, and the forms under which it is found: `Müller` is muller and mueller.

Words are cut as Unicode says (UAX #29), but for three things: a script without blanks gives one word for
each character, `_` and `:` part words (`EU:s`), and a full stop parts words of more than one letter
(`end.Then`). What readers leave out when they type is folded away. These are not the words of fingerprints
(`core.text.words`), whose every change would make old news new; here a better rule costs a new judgement of
what is stored, which a new LANGUAGE brings about.

To add a spelling: a letter in `_SPELT_OUT` or `_ALIKE`, an elided article in `_ARTICLES`; a row in
docs/filters.md; a new LANGUAGE.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise

import regex

from aggregator.core.text import LEFT_OUT, PLAIN_LETTERS, UNSPACED

LANGUAGE = 2
"""The edition of the filter language: with a new one, what is stored is judged anew."""

Forms = tuple[str, ...]
"""How one word may be written, folded; the first is its plain form."""
Phrase = tuple[Forms, ...]

HYPHENS = "-\u2010\u2011\u05be"
_APOSTROPHES = "’‘‛ʼʻ`´′＇"
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200c-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_HEBREW = "\u05d0-\u05ea"
_LETTER = rf"[^\W{UNSPACED}_]"
_WITHIN = "|".join(
    [
        "'",  # don't, l'OTAN, об'єкт
        r"(?<=\d)[.,٫٬](?=\d)",  # 3.5, 1,250
        r"(?<=[^\W\d_])(?<!\w\w)\.(?=[^\W\d_](?!\w))",  # U.S., a.m.
        rf"(?<=[{_HEBREW}])[\"״׳](?=[{_HEBREW}])",
        "(?<=[lL])·(?=[lL])",
    ]
)
# The hyphen at the end of a match says that the next word is joined to this one.
_PATTERN = rf"{_LETTER}+(?:(?:{_WITHIN}){_LETTER}+)*(?:[{HYPHENS}](?={_LETTER}))?"
# `re` takes a third of the time and knows no marks: enough where there are none, as in Europe.
_WORD_WITHOUT_MARKS = re.compile(rf"[{UNSPACED}]|{_PATTERN}")
_WORD = regex.compile(rf"[{UNSPACED}]|(?!\p{{M}}){_PATTERN}")
_MAY_HAVE_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\u2cef-\u2cf1\u2de0-\u2dff\u3005-\U0010ffff]"
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
_HASHTAG = regex.compile(r"(?<![\w&/#])#(\w+)")
_INITIALS = regex.compile(r"(?:\p{L}\.)+\p{L}")
_GROUPED = regex.compile(r"\d{1,3}(?:[.,'٫٬]\d{3})+")
LONGEST = 64  # characters; what is longer is not taken apart, and hardly met twice

# Articles, prepositions and demonstratives that lose their vowel before a noun: French, Italian, Catalan.
_ARTICLES = frozenset(
    ("l", "d", "un", "dell", "nell", "sull", "all", "dall", "coll", "quell", "quest", "sant", "bell", "tutt")
)
# These go before verbs (qu'ai-je), and before names: qu'Israël.
_CONJUNCTIONS = frozenset(("qu", "lorsqu", "puisqu", "quoiqu", "jusqu"))

# How readers without the key spell it: German, Nordic, Serbo-Croatian.
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "đ": "dj"})
_ALIKE = PLAIN_LETTERS | str.maketrans(
    {"ð": "d", "þ": "th", "·": ""}
    | dict(zip("ךםןףץ", "כמנפצ", strict=True))  # a letter's form at the end of a word
    # Arabic alef, ya and ta marbuta as they are typed in haste; Persian and Urdu forms of the same letters.
    | {"ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه", "ۃ": "ه", "ہ": "ه", "ە": "ه", "ھ": "ه", "ک": "ك"}
)
# Letters of their own, and no и, у, і, г and к with a mark; ё is, for not everybody writes it.
_LETTERS_WITH_MARKS = re.compile("[иу]\u0306|і\u0308|[гк]\u0301")
_IN_HEBREW = re.compile(rf"(?<=[{_HEBREW}])['\"״׳](?=[{_HEBREW}])")


def ready(text: str) -> str:
    """The text as words are cut from it: compatibility forms composed, one apostrophe, nothing invisible."""
    for sign in _APOSTROPHES:
        text = text.replace(sign, "'")
    return text if text.isascii() else unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def cut(text: str) -> list[str]:
    """The words of a ready text as written; one that a hyphen joins to the next has it at its end."""
    return (_WORD if _MAY_HAVE_MARKS.search(text) else _WORD_WITHOUT_MARKS).findall(text)


def joined(written: Sequence[str]) -> Iterator[str]:
    """Two words as one where only a hyphen parts them."""
    for word, after in pairwise(written):
        if word.endswith(tuple(HYPHENS)):
            yield word.rstrip(HYPHENS) + after.rstrip(HYPHENS)


def side_by_side(written: Iterable[str]) -> str:
    """Words of a text as one piece of it, with blanks where their script has any."""
    tight = tuple(HYPHENS)
    return "".join(word if word.endswith(tight) or _UNSPACED.match(word) else f"{word} " for word in written)


def running(text: str) -> str:
    """The words of a text in order, each in all its forms, with blanks between: what an index can hold."""
    written = cut(ready(text))
    said = [word.lower() if is_plain(word) else " ".join(forms(word.rstrip(HYPHENS))) for word in written]
    return " ".join(chain(said, chain.from_iterable(map(forms, joined(written)))))


def is_plain(word: str) -> bool:
    """Whether its only form is itself in small letters."""
    return word.isascii() and word.isalnum()


def hashtags(text: str) -> list[str]:
    """The tags of a ready text as written, without their sign."""
    return _HASHTAG.findall(text)


def forms(word: str) -> Forms:
    """The forms under which a word of a text is found."""
    return _forms(word) if len(word) <= LONGEST else _written(word)


def exact_forms(word: str) -> Forms:
    """The same with case and marks as written."""
    return tuple(_findable(word)) if len(word) <= LONGEST else (word,)


def wanted_forms(word: str) -> Forms:
    """The forms that a word of a filter looks for: what it says, in every spelling."""
    return _written(word, *_ungrouped(word))


@lru_cache(maxsize=2**15)
def _forms(word: str) -> Forms:
    return _written(*_findable(word))


def _written(*words: str) -> Forms:
    return tuple(dict.fromkeys(form for word in words for form in spellings(word) if form))


def spellings(word: str) -> Forms:
    """The word folded; where it has an umlaut or the like, also as readers without that key spell it."""
    plain = _folded(word)
    if word.isascii():
        return (plain,)
    spelt = _folded(word.casefold().translate(_SPELT_OUT))
    return (plain,) if spelt == plain else (plain, spelt)


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    letters = _LETTERS_WITH_MARKS.sub(_composed, unicodedata.normalize("NFKD", word.casefold()))
    plain = unicodedata.normalize("NFC", LEFT_OUT.sub("", letters)).translate(_ALIKE)
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    return _IN_HEBREW.sub("", digits)


def _composed(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", found[0])


def _findable(word: str) -> Iterator[str]:
    """The word, and what of it stands for itself: Putin in `Putin's`, OTAN in `l'OTAN`, `U.K.` as UK.

    What follows a pronoun does not: `j'ai` is no AI. Neither do the halves of `don't` and `3.5`.
    """
    yield word
    yield from _ungrouped(word)
    if "'" in word:
        yield from _beside_apostrophe(word)
    elif "." in word and _INITIALS.fullmatch(word):
        yield word.replace(".", "")


def _ungrouped(word: str) -> Iterator[str]:
    if _GROUPED.fullmatch(word):
        yield regex.sub(r"\D", "", word)


def _beside_apostrophe(word: str) -> Iterator[str]:
    elided, _, after = word.partition("'")
    if elided.lower() in _ARTICLES or (elided.lower() in _CONJUNCTIONS and _is_name(elided, after)):
        yield from _findable(after)
        return
    before, _, ending = word.rpartition("'")
    if len(before) > 1 and ending.lower() != "t":
        yield from _findable(before)


def _is_name(elided: str, after: str) -> bool:
    """Whether the capital says so; where all letters are capitals it says nothing."""
    return after[0].isupper() and not elided.isupper()
