"""Filters and stories as hypothesis draws them: from few words, so that they meet, and in odd spellings."""

from hypothesis import strategies as st

from aggregator.model import Origin, Story, Tag
from tests.builders import a_story as a_stored_story
from tests.builders import an_entry

WORDS = (
    "nato", "NATO", "gas", "pipeline", "Müller", "mueller", "muller", "straße", "strasse", "covid-19",
    "covid19", "U.K.", "uk", "1,250", "1250", "don't", "don", "l'OTAN", "otan", "Putin's", "putin", "j'ai",
    "ai", "3.5", "東京", "東", "Αθήνα", "αθηνα", "й", "и", "चुनाव", "#nato", "ＮＡＴＯ", "na\u00adto",
    "Łódź", "lodz", "صحافة",
)  # fmt: skip
TAGS = ("europe", "europe/elections", "sport")

_words = st.sampled_from(WORDS)
_texts = st.lists(st.sampled_from([*WORDS, "the", "-", "and", "."]), max_size=8).map(" ".join)
_phrases = st.lists(_words, min_size=1, max_size=3).map(" ".join).map('"{}"'.format)
_plain = _words | _phrases | _words.map(lambda word: f"{word[:2].strip('.,-#')}*")
_leaves = st.one_of(
    _plain,
    _plain.map("title:{}".format),
    _plain.map("text:{}".format),
    _plain.map("case:{}".format),
    st.tuples(_words, _words).map(lambda two: f'"{two[0]}" NEAR/3 "{two[1]}"'),
    st.sampled_from(TAGS).map("tag:{}".format),
    st.sampled_from(
        ["age<2d", "feeds>=1", "words>3", "until:2026-12-31", "lang:en", "author:jane", "/na.o/", "/slow/"]
    ),
)
sources = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' AND '.join(some)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' OR '.join(some)})"),
        inner.map("NOT {}".format),
    ),
    max_leaves=8,
)
"""Filters of the whole language."""


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A story that says some of the words."""
    entry = an_entry(title=draw(_texts), summary=f"<p>{draw(_texts)}</p>", content=draw(_texts))
    tags = draw(st.lists(st.sampled_from(TAGS), unique=True))
    return a_stored_story(entry, tags=tuple(Tag(name, Origin.FEED, "") for name in tags))
