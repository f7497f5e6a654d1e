"""Texts from one mould that differ in a name or a word, and copies that an editor touched."""

import pytest

from aggregator.core.gist import Gist, gist
from aggregator.core.likeness import BEGINNING, UNHEARD, likeness
from aggregator.core.text import key64
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf
from tests.core.test_likeness import HOUR

MOULDS = {
    "sentenced": (
        "Former minister sentenced to prison for bribes",
        (
            "A court in the capital has sentenced {} to prison for taking bribes while in office. The "
            "former minister, who denies the charges, said through a lawyer that there would be an "
            "appeal."
        ),
        ("Ivan Petrov", "Oleg Sidorov"),
    ),
    "earthquake": (
        "Strong earthquake strikes at dawn, no casualties reported",
        (
            "The earthquake struck {} at dawn on Tuesday and was felt across the whole region, the "
            "geological survey said, but there were no reports of casualties or of damage to "
            "buildings."
        ),
        ("northern Chile", "southern Japan"),
    ),
    "verdict": (
        "Supreme Court rules on election law",
        (
            "The Supreme Court on Tuesday {} a lower court's ruling that had blocked the law from "
            "taking effect, in a decision that lawyers on both sides had awaited for months."
        ),
        ("upheld", "overturned"),
    ),
    "dividend": (
        "Third quarter dividend declared by the company",
        (
            "{} is to pay a dividend for the third quarter of the year to shareholders of record at "
            "the end of the month, the company said in a statement on Tuesday after the close of "
            "trading."
        ),
        ("Acme Motors", "Zenith Foods"),
    ),
    "appointment": (
        "New chief executive named",
        (
            "{} has been appointed chief executive of the company with effect from the first of "
            "January, the board said in a statement to the stock exchange on Tuesday, after a search "
            "that took a year."
        ),
        ("John Miller", "Paul Smith"),
    ),
    "match": (
        "Match abandoned at half-time because of rain",
        (
            "The match between {} was abandoned at half-time on Saturday because of heavy rain that "
            "had left the pitch under water. The league said that it would be played again."
        ),
        ("Rovers and United", "City and Athletic"),
    ),
    "German": (
        "Mann nach Überfall festgenommen",
        (
            "Die Polizei hat am Dienstag in {} einen Mann festgenommen, der eine Tankstelle "
            "überfallen haben soll. Er sitzt in Untersuchungshaft und schweigt zu den Vorwürfen, "
            "teilte die Behörde mit."
        ),
        ("Hamburg", "Stuttgart"),
    ),
    "French": (
        "Le maire démissionne après une enquête",
        (
            "Le maire de {} a annoncé mardi sa démission après l'ouverture d'une enquête sur des "
            "marchés publics de la ville, une décision saluée par l'opposition qui la réclamait "
            "depuis des mois."
        ),
        ("Nantes", "Grenoble"),
    ),
    "Spanish": (
        "El equipo despide a su entrenador",
        (
            "La directiva del {} despidió el martes a su entrenador después de la tercera derrota "
            "seguida en la liga, y anunció que un técnico de la cantera dirigirá al equipo hasta el "
            "verano."
        ),
        ("Betis", "Valencia"),
    ),
    "Russian": (
        "Бывший министр приговорён к лишению свободы",
        (
            "Суд в столице приговорил бывшего министра {} к лишению свободы за получение взяток; "
            "адвокат сообщил, что приговор будет обжалован в ближайшие дни, а вину его подзащитный не "
            "признаёт."
        ),
        ("Петрова", "Сидорова"),
    ),
    "Japanese": (
        "首相、来年度予算案を説明",
        (
            "{}の首相は火曜日、記者会見を開き、来年度の予算案について説明した。予算案には教育や医療、防衛などの分野での支出の増加が"
            "含まれているという。野党は増税につながるとして反対している。"
        ),
        ("日本", "タイ"),
    ),
    "Japanese, in the middle": (
        "早朝に強い地震、被害の報告なし",
        (
            "火曜日の早朝に{}で強い地震があり、広い範囲で揺れが感じられたが、気象当局によると建物の被害や負傷者の報告はなく、"
            "津波の心配もないという。当局は余震に注意を呼びかけている。"
        ),
        ("北海道", "台湾"),
    ),
}


def names(mould: str) -> set[int]:
    """What stands in the gap of the mould."""
    return {term for name in MOULDS[mould][2] for term in told(mould, name).opening} - set(
        told(mould, "").opening
    )


def told(mould: str, name: str) -> Gist:
    title, text, _ = MOULDS[mould]
    return gist(a_parsed_entry(title=title, summary=text.format(name)))


@pytest.mark.parametrize("mould", MOULDS)
@pytest.mark.parametrize("rarity", [1.3, 2.2, 3.0], ids=["heard often", "heard rarely", "never heard"])
def test_another_name_in_the_same_place_is_another_story(mould: str, rarity: float) -> None:
    one, two = (told(mould, name) for name in MOULDS[mould][2])
    named = names(mould) | {UNHEARD}

    found = likeness(one, two, HOUR, lambda term: (rarity if term else 3.0) if term in named else 0.5)

    assert found.apart == "other words in the same place"


@pytest.mark.parametrize("mould", MOULDS)
def test_so_it_is_on_the_first_day_when_no_word_is_known_to_be_rare(mould: str) -> None:
    title, text, filled = MOULDS[mould]
    shelf = Shelf()

    for number, name in enumerate(filled, 1):
        said = text.format(name)
        url = f"https://feed{number}.example.org/{key64(said)}"
        shelf.hear(number, a_parsed_entry(guid=url, url=url, title=title, summary=said), now=NOON)

    assert len(shelf.stories) == 2


TEXT = MOULDS["verdict"][1].format("upheld")
EDITED = {
    "a function word": TEXT.replace(" in a decision", " by a decision"),
    "case": TEXT.upper(),
    "an inflection": TEXT.replace("decision", "decisions").replace("ruling", "rulings"),
    "something added": TEXT.replace("upheld", "unanimously upheld"),
    "something left out": TEXT.replace(" lower", ""),
    "the end": TEXT.replace("for months.", "impatiently."),
}


@pytest.mark.parametrize("edited", EDITED.values(), ids=EDITED)
def test_what_an_editor_does_to_a_copy_is_no_other_name(edited: str) -> None:
    one, two = (
        gist(a_parsed_entry(title=MOULDS["verdict"][0], summary=said))
        for said in (TEXT.replace("The Supreme", "The nine-member Supreme"), edited)
    )

    assert likeness(one, two, HOUR, lambda _: 3.0).same


@pytest.mark.parametrize(("rarity", "is_apart"), [(1.8, False), (2.4, True)])
def test_where_more_differs_only_the_rarest_words_tell(rarity: float, is_apart: bool) -> None:
    title, text, _ = MOULDS["verdict"]
    edited = gist(a_parsed_entry(title=title, summary=text.format("overturned").replace(" awaited", "")))
    named = names("verdict")

    found = likeness(
        told("verdict", "upheld"),
        edited,
        HOUR,
        lambda term: rarity if term in named else 0.5 + 2.5 * (not term),
    )

    assert bool(found.apart) is is_apart


def test_nothing_stands_for_a_word_that_is_none() -> None:
    said = {term for mould in MOULDS for term in told(mould, "").terms}

    assert said.isdisjoint({BEGINNING, UNHEARD})
