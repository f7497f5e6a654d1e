"""An entry cut down to what tells stories apart: the words of its title and of its opening, as numbers. Pure.

A gist is what the in-memory index keeps of an entry, so it is small (about 200 bytes) and can be compared
without looking anything up. Words are folded and cut to their first letters, which stands in for stemming in
any language; text without spaces counts by pairs of characters. A gist is no key: only core/likeness.py and
core/events.py read it, and what they make of it is a score.

To leave more of an entry out: `opening`, and a row in tests/core/test_gist.py.
"""

import unicodedata
import zlib
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from aggregator.core.chrome import body
from aggregator.core.text import UNSPACED, words
from aggregator.model import ParsedEntry

STEM = 6  # letters: "minister" and "ministers" are one term, in most languages that inflect
OPENING_CHARACTERS = 220  # newswire copies share their first sentences; what follows is cut or extended
TITLE_CHARACTERS = 2_000  # of a title are looked at: a feed may put a book there
TITLE_TERMS = 60  # a title that is longer is no title, and its length has to fit into a byte
COMMON_WORDS = 16_384  # whose numbers are kept at hand

SENTENCE_ENDS = frozenset(".!?。！？")

_UNSPACED = regex.compile(f"[{UNSPACED}]")
_OTHER_DIGIT = regex.compile(r"(?![0-9])\p{Nd}")
_THOUSANDS = regex.compile(r"(?<=[0-9])[.,'’٬](?=[0-9]{3}(?![0-9]))")
_DECIMALS = regex.compile(r"(?<=[0-9])[.,٫](?=[0-9])")
_HALF_WORD = regex.compile(rf"[^\s{UNSPACED}]+$|[0-9]+$")

# "Two dead" and "2 dead" say the same, and "three dead" something else. Not here: what is another word too in
# one of these languages ("once", "sei", "elf", "neuf", "otto"), and one, which is an article in most of them.
NUMERALS = {
    word: str(value)
    for value, said in enumerate(
        (
            "two zwei deux dos due dois twee",
            "three drei trois tres tre drie",
            "four vier quatre cuatro quattro quatro",
            "five funf cinq cinco cinque vijf",
            "six sechs seis zes",
            "seven sieben sept siete sette sete zeven",
            "eight acht huit ocho oito",
            "nine neun nueve negen",
            "ten zehn diez dieci dez",
            "eleven onze undici",
            "twelve zwolf douze doce dodici twaalf",
        ),
        start=2,
    )
    for word in said.split()
}

# "The briefing for Monday" is not that for Tuesday. Each under one name, lest its first letters be another
# word's ("Donnerstag", "donner"). Not here: what is often no date ("may", "march", "mars", "mai", "marco").
CALENDAR = {
    word: said.partition(" ")[0]
    for said in (
        "monday montag lundi lunes lunedi segunda maandag",
        "tuesday dienstag mardi martes martedi terca dinsdag",
        "wednesday mittwoch mercredi miercoles mercoledi quarta woensdag",
        "thursday donnerstag jeudi jueves giovedi quinta donderdag",
        "friday freitag vendredi viernes venerdi sexta vrijdag",
        "saturday samstag sonnabend samedi sabado sabato zaterdag",
        "sunday sonntag dimanche domingo domenica zondag",
        "january januar janvier enero gennaio janeiro januari janner",
        "february februar fevrier febrero febbraio fevereiro februari",
        "marzo marz maart",
        "april avril abril aprile",
        "mayo maggio maio mei",
        "june juni juin junio giugno junho",
        "july juli juillet julio luglio julho",
        "august aout agosto augustus",
        "september septembre septiembre settembre setembro",
        "october oktober octobre octubre ottobre outubro",
        "november novembre noviembre novembro",
        "december dezember decembre diciembre dicembre dezembro",
    )
    for word in said.split()
}


@dataclass(frozen=True, slots=True)
class Gist:
    """The terms of a title and of an opening, in their order.

    The lowest bit of a term says that it holds a digit, the next that it is two characters of a run.
    """

    title: tuple[int, ...] = ()
    opening: tuple[int, ...] = ()

    @property
    def terms(self) -> tuple[int, ...]:
        """Title and opening as one."""
        return self.title + self.opening

    def packed(self) -> bytes:
        """The gist in few bytes: the length of the title, then 32 bits a term."""
        return bytes((len(self.title),)) + array("I", self.terms).tobytes()


def unpacked(packed: bytes) -> Gist:
    """The gist that `Gist.packed` made."""
    both = tuple(packed_terms(packed))
    return Gist(both[: packed[0]], both[packed[0] :])


def packed_terms(packed: bytes) -> "array[int]":
    """All terms of a packed gist, without taking it apart."""
    return array("I", packed[1:])


def packed_title(packed: bytes) -> Sequence[int]:
    """The title's terms alone of a gist that `Gist.packed` made."""
    return memoryview(packed)[1 : 1 + 4 * packed[0]].cast("I")


def gist(entry: ParsedEntry, chrome: Collection[int] = ()) -> Gist:
    """What is left of the entry; `chrome` are the keys of what its feed says under every article."""
    return Gist(terms(entry.title[:TITLE_CHARACTERS])[:TITLE_TERMS], terms(opening(entry, chrome)))


def opening(entry: ParsedEntry, chrome: Collection[int] = ()) -> str:
    """The first 220 characters of the text, without the headline said again, page chrome and half words."""
    return cut(body(entry, chrome))


def cut(text: str) -> str:
    """The first 220 characters, without a word or a figure that the cut may have halved: 1,2 is not 1,250."""
    first = text[:OPENING_CHARACTERS].rstrip()
    sentence_ends = first[-1:] in SENTENCE_ENDS and not text[len(first) : len(first) + 1].strip()
    if len(text) < OPENING_CHARACTERS - 1 or sentence_ends:
        return first
    return _HALF_WORD.sub("", first).rstrip() or first


def terms(text: str) -> tuple[int, ...]:
    """The words as numbers, in order; 1,250.5 is one word, and unspaced scripts count by pairs."""
    is_ascii = text.isascii()
    if not is_ascii:
        text = _OTHER_DIGIT.sub(_plain_digit, text)
    said = words(_DECIMALS.sub("d", _THOUSANDS.sub("", text)))
    return tuple(map(number, said) if is_ascii else _paired(said))


def _plain_digit(found: regex.Match[str]) -> str:
    # A digit of a script that is younger than Python's Unicode is one to `regex` alone: it stays as it is.
    return str(unicodedata.decimal(found[0], found[0]))


@lru_cache(COMMON_WORDS)
def number(word: str, *, is_pair: bool = False) -> int:
    """The word's first letters as 30 bits, then one that marks a pair, and one a digit."""
    said = NUMERALS.get(word) or CALENDAR.get(word, word)
    digit = not said.isalpha() and any(letter.isdigit() for letter in said)
    stem = said if digit else said[:STEM]
    return zlib.crc32(stem.encode("utf-8", "surrogatepass")) & ~3 | is_pair << 1 | digit


def is_number(term: int) -> bool:
    """True for a word with a digit in it: figures, dates and scores tell look-alikes apart."""
    return term & 1 == 1


def is_figure(term: int) -> bool:
    """The same, or a weekday or a month."""
    return is_number(term) or term in DATES


def words_in(said: Sequence[int]) -> float:
    """How many words these terms are worth: two of English take about four characters of Chinese."""
    return len(said) - sum(term & 2 for term in said) / 4


def _paired(said: Sequence[str]) -> Iterable[int]:
    """Words as they are; of a run of characters without spaces every two that stand together."""
    for place, word in enumerate(said):
        if word.isascii() or not _UNSPACED.match(word):
            yield number(word)
            continue
        follows = said[place + 1] if place + 1 < len(said) else ""
        if _UNSPACED.match(follows):
            yield number(word + follows, is_pair=True)
        elif place == 0 or not _UNSPACED.match(said[place - 1]):
            yield number(word, is_pair=True)


DATES = frozenset(map(number, CALENDAR))

# What every headline may hold and none is about; rarity would find that out, but not on the first day.
FUNCTION_WORDS = frozenset(
    terms(
        "a an the of to in on for and or at by with from as is are was be it its this that s t after over up "
        "new will has have not no der die das den dem ein eine und in im zu von mit auf für ist nach bei le "
        "la les un une de du des et en au aux à pour dans sur est el los las y que con por para il lo gli di "
        "da os do het een van op"
    )
)
