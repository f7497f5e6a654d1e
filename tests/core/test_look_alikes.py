"""What only looks like a copy, as real pages have it, in many languages: figures, series, boilerplate."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from aggregator.core.gist import gist
from aggregator.core.likeness import likeness
from aggregator.core.text import key64
from aggregator.model import DedupLevel, ParsedEntry
from tests.builders import NOON, a_parsed_entry
from tests.core.shelf import Shelf

HOUR = timedelta(hours=1)
LEAD = (
    "Thousands of people were told to leave their homes "
    "on Tuesday after a dam gave way in the northern "
    "valley, officials said, and rescue teams searched flooded villages for 40 who were missing"
)


@dataclass(frozen=True)
class Pair:
    """Two tellings of two feeds."""

    title: str
    summary: str
    again: str
    summary_again: str


def said(site: str, title: str, summary: str, **changes: Any) -> ParsedEntry:
    url = f"https://{site}.example.org/{key64(title + summary) % 10**9}"
    return a_parsed_entry(**{"guid": url, "url": url, "title": title, "summary": summary, **changes})


def is_joined(pair: Pair, hours: int = 1) -> bool:
    shelf = Shelf()
    shelf.hear(1, said("one", pair.title, pair.summary))
    shelf.hear(2, said("two", pair.again, pair.summary_again), now=NOON + hours * HOUR)
    return len(shelf.stories) == 1


# -- figures -----------------------------------------------------------------------------------------------


def numbered(title: str, lead: str, one: tuple[int, ...], two: tuple[int, ...]) -> Pair:
    return Pair(title.format(*one), lead.format(*one), title.format(*two), lead.format(*two))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ((7, 7), (12, 7)),
        ((7, 7), (7, 12)),
        ((12, 7), (7, 12)),
        ((7, 7), (8, 8)),
        ((1, 10), (10, 1)),
        ((1, 11), (11, 1)),
    ],
)
@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Paper {} prints its item {}", "Here follows what paper {0} has to say in its item {1} of today"),
        ("A paper prints one more item", f"In number {{1}} of paper {{0}} we read: {LEAD}"),
        (
            "Harbour {0}, Valley {1} after extra time",
            "The cup match in the northern valley went to extra time",
        ),
        ("Unemployment at {0}.{1} percent", f"Unemployment stood at {{0}}.{{1}} percent in spring. {LEAD}"),
    ],
)
def test_entries_that_differ_in_nothing_but_figures_are_two_stories(
    title: str, lead: str, one: tuple[int, ...], two: tuple[int, ...]
) -> None:
    assert not is_joined(numbered(title, lead, one, two))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("1.5 billion", "15 billion"),
        ("1,250 people", "1,350 people"),
        ("two people", "three people"),
        ("zwei Menschen", "drei Menschen"),
        ("٤٠ شخصا", "٥٢ شخصا"),
        ("๔๐ คน", "๕๒ คน"),
        ("４０人", "５２人"),
        ("6-1/4 pct", "6-3/16 pct"),
    ],
)
def test_figures_are_told_apart_as_they_are_written(one: str, two: str) -> None:
    title = "Dam bursts in northern valley"
    pair = Pair(title, f"{one}: {LEAD}", title, f"{two}: {LEAD}")

    assert not is_joined(pair)


CALENDARS = (
    ("Briefing for {}: what matters", "Monday", "Tuesday", "September", "October"),
    ("Überblick für {}: was wichtig wird", "Montag", "Donnerstag", "März", "Dezember"),
    ("Le point de {} : l'essentiel du jour", "lundi", "vendredi", "février", "août"),
    ("El resumen del {}: lo más importante", "miércoles", "sábado", "enero", "agosto"),
    ("Il punto di {}: le notizie del giorno", "martedì", "giovedì", "maggio", "luglio"),
    ("O resumo de {}: o que importa hoje", "segunda-feira", "terça-feira", "maio", "setembro"),
    ("Het overzicht van {}: het nieuws vandaag", "maandag", "zondag", "mei", "augustus"),
)


@pytest.mark.parametrize(
    ("title", "one", "two"),
    [(title, *said) for title, *days in CALENDARS for said in (days[:2], days[2:])],
)
def test_weekdays_and_months_are_figures(title: str, one: str, two: str) -> None:
    assert not is_joined(Pair(title.format(one), LEAD, title.format(two), LEAD))
    assert is_joined(Pair(title.format(one), LEAD, title.format(one.upper()), f"{LEAD} (agency)"))


def test_what_begins_as_a_weekday_does_is_none() -> None:
    titles = ("Donner un nom à la vallée du nord", "Vendre un nom à la vallée du nord")

    assert is_joined(Pair(titles[0], LEAD, titles[1], LEAD))


def test_a_figure_beyond_the_opening_may_be_halved_by_no_cut() -> None:
    start = "word " * 43
    pair = Pair(
        "Prices at the harbour", f"{start}12,340 more", "Prices at the harbour", f"{start}12,999 more"
    )

    one, two = (
        gist(a_parsed_entry(title="Prices", summary=text)) for text in (pair.summary, pair.summary_again)
    )

    assert one.opening == two.opening
    assert not any(term & 1 for term in one.opening)


def test_a_correction_with_another_figure_is_a_story_of_its_own() -> None:
    title = "Dam bursts in northern valley"

    assert not is_joined(Pair(title, LEAD, f"CORRECTED - {title}", LEAD.replace("40", "52")))
    assert is_joined(Pair(title, LEAD, f"CORRECTED - {title}", LEAD.replace("told", "told again")))


# -- series, in many languages -----------------------------------------------------------------------------

SERIES = {
    "quote of the day": Pair(
        "Quote of the day",
        "“The dam held for sixty years because people looked after it every single day” – an old engineer",
        "Quote of the day",
        "“Nobody who has seen the sea from the north wall ever wants to live inland again” – a harbour pilot",
    ),
    "live blog": Pair(
        "Live: latest from the northern valley",
        "Rescue teams reach the last of the flooded villages "
        "as the rain stops; the governor is to speak at noon",
        "Live: latest from the northern valley",
        "The governor announces an inquiry into the collapse of the dam while schools stay closed all week",
    ),
    "morning briefing": Pair(
        "Morning briefing",
        "Your guide to what matters today, from our newsroom. "
        "Sign up to have it in your inbox every morning.",
        "Morning briefing",
        "Your guide to what matters now, by our newsroom. Sign up to have it in your inbox every morning.",
    ),
    "German horoscope": Pair(
        "Tageshoroskop für Dienstag",
        "Was die Sterne heute für Sie bereithalten: Widder haben Glück in der Liebe, Stiere sollten ruhen",
        "Tageshoroskop für Mittwoch",
        "Was die Sterne heute für Sie bereithalten: Löwen haben Pech im Beruf, Fische dürfen hoffen",
    ),
    "French weather": Pair(
        "Météo : les prévisions pour mardi 24 novembre",
        "Un temps gris et humide est attendu sur la moitié nord "
        "du pays, avec des pluies faibles dans la vallée",
        "Météo : les prévisions pour mercredi 25 novembre",
        "Un temps gris et humide est attendu sur la moitié nord "
        "du pays, avec des pluies faibles dans la vallée",
    ),
    "Spanish horoscope": Pair(
        "Horóscopo de hoy para Aries",
        "Aries: la luna llena trae buenas noticias en el trabajo y una sorpresa en casa al final del día",
        "Horóscopo de hoy para Tauro",
        "Tauro: la luna llena trae buenas noticias en el trabajo y una sorpresa en casa al final del día",
    ),
    "Russian exchange rates": Pair(
        "Курс доллара на сегодня",
        "Официальный курс доллара, установленный центральным "
        "банком на сегодня, составил 91,25 рубля за доллар",
        "Курс доллара на сегодня",
        "Официальный курс доллара, установленный центральным "
        "банком на сегодня, составил 92,75 рубля за доллар",
    ),
    "Arabic prices": Pair(
        "أسعار الذهب اليوم في الأسواق",
        "سجل سعر غرام الذهب عيار ٢١ اليوم في الأسواق المحلية "
        "نحو ٣٬٢٥٠ جنيها وفق ما أعلنته شعبة الذهب في الغرفة",
        "أسعار الذهب اليوم في الأسواق",
        "سجل سعر غرام الذهب عيار ٢١ اليوم في الأسواق المحلية "
        "نحو ٣٬٤١٠ جنيها وفق ما أعلنته شعبة الذهب في الغرفة",
    ),
    "Japanese weather": Pair(
        "今日の天気予報",
        "関東地方は高気圧に覆われて晴れるでしょう。東京の最高気温は18度の見込みです。",
        "今日の天気予報",
        "関東地方は高気圧に覆われて晴れるでしょう。東京の最高気温は21度の見込みです。",
    ),
    "Chinese horoscope": Pair(
        "白羊座今日运势",
        "白羊座今天的工作运不错，会得到上司的赏识，晚上适合和朋友一起吃饭聊天，注意早点休息。",
        "金牛座今日运势",
        "金牛座今天的工作运不错，会得到上司的赏识，晚上适合和朋友一起吃饭聊天，注意早点休息。",
    ),
    "Thai lottery": Pair(
        "ตรวจหวยงวดวันนี้ ผลสลากกินแบ่งรัฐบาล",
        "ผลสลากกินแบ่งรัฐบาลงวดวันที่ 16 พฤศจิกายน รางวัลที่หนึ่งได้แก่หมายเลข 123456 เลขท้ายสองตัว 78",
        "ตรวจหวยงวดวันนี้ ผลสลากกินแบ่งรัฐบาล",
        "ผลสลากกินแบ่งรัฐบาลงวดวันที่ 1 ธันวาคม รางวัลที่หนึ่งได้แก่หมายเลข 654321 เลขท้ายสองตัว 09",
    ),
    "a fund's notice": Pair(
        "Ohio Tax-Free Fund sets payout",
        "The Ohio fund declared a monthly dividend payable in March to holders of record, its manager said",
        "Utah Tax-Free Fund sets payout",
        "The Utah fund declared a monthly dividend payable in March to holders of record, its manager said",
    ),
}


@pytest.mark.parametrize("pair", SERIES.values(), ids=SERIES)
@pytest.mark.parametrize("hours", [1, 24, 100])
def test_a_series_is_one_story_each_time(pair: Pair, hours: int) -> None:
    assert not is_joined(pair, hours)


COPIES = {
    "German": (
        "Staudamm bricht nach tagelangem Regen im Norden",
        (
            "Tausende Menschen mussten am Dienstag ihre Häuser verlassen, "
            "nachdem im nördlichen Tal ein Staudamm "
            "gebrochen war; Rettungskräfte suchten in überfluteten Dörfern nach 40 Vermissten"
        ),
    ),
    "Russian": (
        "На севере долины прорвало плотину",
        (
            "Тысячи жителей покинули свои дома во вторник после "
            "того, как в северной долине прорвало плотину; "
            "спасатели ищут в затопленных деревнях 40 пропавших без вести, сообщили власти"
        ),
    ),
    "Arabic": (
        "انهيار سد في الوادي الشمالي بعد أسبوع من الأمطار",
        (
            "طلبت السلطات من آلاف السكان مغادرة منازلهم يوم الثلاثاء "
            "بعد انهيار سد في الوادي الشمالي وبحثت فرق "
            "الإنقاذ في القرى المغمورة بالمياه عن 40 مفقودا بحسب مسؤولين"
        ),
    ),
    "Japanese": (
        "北部の谷でダムが決壊、住民に避難指示",
        (
            "北部の谷で火曜日にダムが決壊し、数千人の住民に避難指示"
            "が出された。救助隊は浸水した村で行方不明の40人の捜索を"
            "続けている。当局は原因を調べている。"
        ),
    ),
    "Chinese": (
        "北部山谷大坝决堤，数千人紧急疏散",
        (
            "北部山谷一座大坝周二决堤，数千名居民被要求离开家园。救援"
            "队正在被淹没的村庄搜寻40名失踪者，当局正在调查事故原因。"
        ),
    ),
    "Thai": (
        "เขื่อนแตกในหุบเขาทางเหนือ หลังฝนตกหนักทั้งสัปดาห์",
        (
            "ประชาชนหลายพันคนต้องอพยพออกจากบ้านเมื่อวันอังคาร หลังเขื่อนแตกในหุบเขาทางเหนือ "
            "ทีมกู้ภัยเร่งค้นหาผู้สูญหาย 40 คน "
            "ในหมู่บ้านที่ถูกน้ำท่วม เจ้าหน้าที่กล่าว"
        ),
    ),
    "Vietnamese": (
        "Vỡ đập ở thung lũng phía bắc sau một tuần mưa",
        (
            "Hàng nghìn người phải rời khỏi nhà vào thứ Ba sau khi "
            "một con đập bị vỡ ở thung lũng phía bắc, lực lượng "
            "cứu hộ tìm kiếm 40 người mất tích tại các ngôi làng ngập nước, giới chức cho biết"
        ),
    ),
    "Hindi": (
        "उत्तरी घाटी में एक सप्ताह की बारिश के बाद बांध टूटा",
        (
            "उत्तरी घाटी में बांध टूटने के बाद मंगलवार को हजारों लोगों को घर "
            "छोड़ने के लिए कहा गया और बचाव दल ने बाढ़ में डूबे गांवों में "
            "40 लापता लोगों की तलाश की, अधिकारियों ने बताया"
        ),
    ),
}


@pytest.mark.parametrize(("title", "lead"), COPIES.values(), ids=COPIES)
def test_a_copy_under_an_edited_headline_is_known_in_any_language(title: str, lead: str) -> None:
    assert is_joined(Pair(title, lead, f"LIVE: {title} – The Valley Herald", f"{lead} (agency)"))
    assert not is_joined(Pair(title, lead, f"LIVE: {title}", lead.replace("40", "52")))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Crónica del desbordamiento", "cronica del desbordamiento"),
        ("Vỡ đập ở thung lũng", "Vo dap o thung lung"),
        ("ガ", "ガ"),
    ],
    ids=["Spanish", "Vietnamese", "composed or not"],
)
def test_accents_make_no_difference(one: str, two: str) -> None:
    assert gist(a_parsed_entry(title=one)).title == gist(a_parsed_entry(title=two)).title


# -- boilerplate -------------------------------------------------------------------------------------------

MEMBERS = (
    "Read all about it on our pages: this article is open to members, who also have our app and our letter"
)
UNLIKE = (
    "Valley wins the cup after extra time",
    "Minister resigns over letters to her brother",
    "Rates to rise again this winter, bankers say",
    "Old bridge closed for repairs until spring",
    "Valley wins another cup after penalties at sea",
)


@pytest.mark.parametrize("lead", [MEMBERS, f"{MEMBERS}, and much more that is not for all and not for sale"])
def test_a_lead_that_stands_under_any_headline_joins_nothing(lead: str) -> None:
    shelf = Shelf()

    for number, title in enumerate(UNLIKE, 1):
        shelf.hear(number, said(f"site{number}", title, lead))

    assert len(shelf.stories) == len(UNLIKE)


def test_what_two_stories_say_word_for_word_tells_of_neither() -> None:
    shelf = Shelf()
    shelf.hear(1, said("one", "Valley wins the cup", MEMBERS))
    shelf.hear(2, said("two", "Old bridge to close for repairs", MEMBERS))

    shelf.hear(3, said("three", "Valley wins the cup at sea", MEMBERS))

    assert len(shelf.stories) == 3


def test_what_one_story_and_its_repeat_say_is_no_boilerplate() -> None:
    shelf = Shelf(levels={1: DedupLevel.EXACT})
    shelf.hear(1, said("one", "Dam bursts in northern valley", LEAD))
    shelf.hear(2, said("two", "UPDATE: Dam bursts in northern valley", LEAD))

    shelf.hear(3, said("three", "Dam bursts in northern valley - Herald", LEAD))

    assert len(shelf.stories) == 2


def test_which_of_two_copies_came_first_does_not_count() -> None:
    one = gist(a_parsed_entry(title="Dam bursts in northern valley", summary=LEAD))

    assert likeness(one, one, -HOUR, lambda _: 1.0) == likeness(one, one, HOUR, lambda _: 1.0)


# -- versions ----------------------------------------------------------------------------------------------


def test_a_second_version_of_an_article_updates_its_own_story() -> None:
    shelf = Shelf()
    first = said("one", "Dam bursts in northern valley", LEAD)
    shelf.hear(1, first)
    shelf.hear(2, said("two", "UPDATE: Dam bursts in northern valley", LEAD))
    version = a_parsed_entry(
        guid=first.guid, url=first.url, title="Dam burst: 52 missing", summary=LEAD.replace("40", "52")
    )

    shelf.hear(1, version, now=NOON + HOUR)

    (story,) = shelf.stories.values()
    assert [entry.title for entry in story.entries] == [
        version.title,
        "UPDATE: Dam bursts in northern valley",
    ]
