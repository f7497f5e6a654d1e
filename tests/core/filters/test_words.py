"""Where words end, and under which forms each is found; and that fingerprints keep words of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.filters.words import cut, forms, hashtags, ready, wanted_forms
from aggregator.core.text import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don’t stop", ["don't", "stop"]),
        ("rock'n'roll", ["rock'n'roll"]),
        ("‘quoted’ words'", ["quoted", "words"]),
        ("3.5 of 1,250, or 1.250,5.", ["3.5", "of", "1,250", "or", "1.250,5"]),
        ("At 9 a.m. in the U.S.-led war", ["At", "9", "a.m", "in", "the", "U.S", "led", "war"]),
        ("J.K.Rowling", ["J.K", "Rowling"]),
        ("Plan B.A new one.Then", ["Plan", "B.A", "new", "one", "Then"]),
        ("example.com", ["example", "com"]),
        ("EU:s snake_case", ["EU", "s", "snake", "case"]),
        ("Covid-19-Impfung", ["Covid-", "19-", "Impfung"]),
        ("2010–2020 - now-", ["2010", "2020", "now"]),
        ("col·legi a·b", ["col·legi", "a", "b"]),
        ('צה"ל "שלום"', ['צה"ל', "שלום"]),
        ("東京でG7", ["東", "京", "で", "G7"]),
        ("コロナ", ["コ", "ロ", "ナ"]),
        ("चुनाव के", ["चुनाव", "के"]),
        ("می\u200cخواهم", ["میخواهم"]),
        ("Bundes\u00adtag", ["Bundestag"]),
        ("a ❤\ufe0f \u0301b", ["a", "b"]),
    ],
)
def test_words_end_where_unicode_says_and_where_readers_need_it(text: str, expected: list[str]) -> None:
    assert cut(ready(text)) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("NATO", ("nato",)),
        ("Müller", ("muller", "mueller")),
        ("Ærø", ("aero", "aeroe")),
        ("don't", ("don't",)),
        ("DON'T", ("don't",)),
        ("j'ai", ("j'ai",)),
        ("aujourd'hui", ("aujourd'hui", "aujourd")),
        ("l'OTAN", ("l'otan", "otan")),
        ("l'Oréal's", ("l'oreal's", "oreal's", "oreal")),
        ("O'Brien's", ("o'brien's", "o'brien")),
        ("dell'Utri", ("dell'utri", "utri")),
        ("lorsqu'Israël", ("lorsqu'israel", "israel")),
        ("QU'ISRAËL", ("qu'israel", "qu")),
        ("l'O.N.U", ("l'o.n.u", "o.n.u", "onu")),
        ("3.5", ("3.5",)),
        ("1,250", ("1,250", "1250")),
        ("١٬٢٥٠", ("1٬250", "1250")),
        ("ـ", ()),
    ],
)
def test_a_word_is_found_under_its_forms(word: str, expected: tuple[str, ...]) -> None:
    assert forms(word) == expected


def test_a_word_too_long_to_be_kept_at_hand_is_read_all_the_same() -> None:
    assert forms("Ü" * 100) == ("u" * 100, "ue" * 100)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Putin's", ("putin's",)),
        ("U.S", ("u.s",)),
        ("Müller", ("muller", "mueller")),
        ("1.250", ("1.250", "1250")),
    ],
)
def test_a_filter_wants_what_it_says_in_every_spelling(word: str, expected: tuple[str, ...]) -> None:
    assert wanted_forms(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#NATO, #new_deal (#c) ＃東京", ["NATO", "new_deal", "c", "東京"]),
        ("C# x#y https://e.org/#top #", []),
    ],
)
def test_a_hashtag_begins_a_word(text: str, expected: list[str]) -> None:
    assert hashtags(ready(text)) == expected


@given(st.text(max_size=40))
def test_every_word_is_wanted_under_a_form_that_it_is_found_under(text: str) -> None:
    for word in cut(ready(text)):
        assert set(wanted_forms(word)) <= set(forms(word))


EUROPE = st.characters(
    max_codepoint=0x2FF, categories=["Lu", "Ll", "Nd", "Pd", "Po", "Zs"]
) | st.sampled_from("'.,-")


@given(st.text(EUROPE, max_size=40).map(ready))
def test_a_mark_elsewhere_in_a_text_changes_none_of_its_words(text: str) -> None:
    *before, marked = cut(f"{text} க\u0bcb")

    assert (before, marked) == (cut(text), "க\u0bcb")


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["a'", "a.", "1,", "-a", "é", "#", 'ל"', "l·"])
def test_hostile_text_is_cut_in_linear_time(piece: str) -> None:
    text = ready(piece * 100_000)

    found = [form for word in (*cut(text), *hashtags(text)) for form in forms(word)]

    assert len(found) <= 300_000


def test_the_words_of_fingerprints_stay_as_they_are() -> None:
    text = "Don’t: l'OTAN, 3.5 U.S. Müller й ё ة ك 1,250 covid-19 צה\"ל ＃x"

    assert " ".join(words(text)) == "don t l otan 3 5 u s muller и е ة ك 1 250 covid 19 צה ל x"
