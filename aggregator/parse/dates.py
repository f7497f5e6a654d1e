"""When does this text say it was? Own reading first, feedparser's where ours does not know the form.

feedparser takes summer times it does not know for UTC, epochs for years and knows month names in few
languages, so the forms that feeds really use are read here. A date that is no date (30 February, hour 25)
or lies outside 1990 to 2099 is None: it would only mislead. There is no clock here.

To add a language: a row of MONTHS (any case and accents; three letters or more of a name are understood
too, unless two months begin with them). To add a zone: ZONES, in minutes east of Greenwich.
"""

import re
from datetime import UTC, datetime, timedelta
from time import struct_time

from aggregator.core.text import folded

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

MONTHS = (  # twelve names a row; some languages use another form beside a day
    "January February March April May June July August September October November December",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "Jänner Feber Mrz April Mai Juni Juli August September Oktober November Dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mrt april maj juni juli augusti september oktober november december",
    "januar februar mars april maj juni juli august september oktober november desember",
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
)
ZONES = {  # an abbreviation that means several zones has the meaning that RFC 822 or most feeds give it
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0,
    "bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60, "wat": 60,
    "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "cat": 120, "sast": 120,
    "eest": 180, "msk": 180, "trt": 180, "eat": 180, "gst": 240, "pkt": 300, "ist": 330,
    "wib": 420, "ict": 420, "sgt": 480, "hkt": 480, "pht": 480, "awst": 480, "jst": 540, "kst": 540,
    "acst": 570, "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780,
    "nst": -210, "ndt": -150, "brt": -180, "art": -180, "adt": -180, "ast": -240, "clt": -240,
    "edt": -240, "est": -300, "et": -300, "cdt": -300, "cst": -360, "ct": -360,
    "mdt": -360, "mst": -420, "mt": -420, "pdt": -420, "pst": -480, "pt": -480,
    "akdt": -480, "akst": -540, "hst": -600,
}  # fmt: skip

_MAX_CHARS = 100
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})|(\d{15,16})")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:[t ]?(\d\d)(\d\d)(\d\d)?)?(.*)")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})(?:[-/]|\.\s?|\s?[年년]\s?)(\d{1,2})(?!\d)"
    r"(?:(?:[-/]|\.\s?|\s?[月월]\s?)(\d{1,2})(?!\d)[日일]?)?(?!:)(?:t(?=\d))?"
)
_YEAR_LAST = re.compile(r"(?<![\d:])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d:])")
_TIME = re.compile(
    r"(?P<before>[ap]\.?m\.?|上午|下午|午前|午後|오전|오후)?\s*(?<![\d.])(?P<hour>\d{1,2})(?:\s?[:h時时시]\s?|\.)"
    r"(?P<minute>\d{2})(?:\s?[:.分분]\s?(?P<second>\d{2})(?:[.,]\d+)?)?(?!\d)\s*[分秒분초]?"
    r"\s*(?P<after>[ap]\.?\s?m\b\.?)?"
)
_OFFSET = re.compile(r"(?:gmt|utc|ut|z)?\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?(?!\d)")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"(?<!\d)(?:\d{4}|\d{1,2})(?!\d)")
_AFTERNOON = ("p", "下午", "午後", "오후")


def read_date(
    text: str, *, fallback: struct_time | None = None, month_first: bool = False
) -> datetime | None:
    """The moment in UTC; None where the text is no date or a senseless one.

    `fallback` is feedparser's own reading, taken where the form is not known here. `month_first` reads
    03/04/2026 as 4 March; without it the day comes first, unless only the other order makes a date.
    """
    try:
        moment = _read(folded(text.strip()), month_first)
        if moment is None and fallback is not None:
            moment = datetime(*fallback[:5], min(fallback[5], 59), tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment and EARLIEST <= moment < LATEST else None


def _read(text: str, month_first: bool) -> datetime | None:
    text = text.replace("\u2212", "-").replace("\u2013", "-")
    if not text or len(text) > _MAX_CHARS:
        return None
    return _epoch(text) or _compact(text) or _written(text, month_first)


def _epoch(text: str) -> datetime | None:
    match = _EPOCH.fullmatch(text)
    if match is None or (text.startswith(("19", "20")) and len(text) == 12):
        return None
    seconds, millis, micros = match.groups()
    return datetime.fromtimestamp(
        int(seconds) if seconds else int(millis) / 1e3 if millis else int(micros) / 1e6, tz=UTC
    )


def _compact(text: str) -> datetime | None:
    """`20220110`, `20220110T1430Z` (ISO 8601, basic form)."""
    match = _COMPACT.fullmatch(text)
    if match is None or (match[7] and not match[4]):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    return _moment((year, month, day), (hour, minute, second), _offset(match[7]))


def _written(text: str, month_first: bool) -> datetime | None:
    found = _by_numbers(text, month_first)
    date, rest = found or (None, text)
    time = _TIME.search(rest)
    if date is None:
        date = _by_words(rest[: time.start()] + " " + _after_zone(rest[time.end() :]) if time else rest)
    if date is None:
        return None
    if time is None:
        return _moment(date, (0, 0, 0), timedelta())
    return _moment(date, _clock(time), _offset(rest[time.end() :]))


def _by_numbers(text: str, month_first: bool) -> tuple[tuple[int, int, int], str] | None:
    """A date all in digits, and the text without it."""
    if match := _YEAR_FIRST.search(text):
        date = (int(match[1]), int(match[2]), int(match[3] or 1))
    elif match := _YEAR_LAST.search(text):
        one, two = int(match[1]), int(match[3])
        swap = (month_first or "m" in _half(text)) and match[2] == "/"
        day, month = (two, one) if (swap and one <= 12) or two > 12 else (one, two)
        date = (_century(match[4]), month, day)
    else:
        return None
    return date, text[: match.start()] + " " + text[match.end() :]


def _half(text: str) -> str:
    """`am` or `pm` where the clock has twelve hours: such texts are American, '' elsewhere."""
    time = _TIME.search(text)
    return (time["after"] or "") if time else ""


def _by_words(text: str) -> tuple[int, int, int] | None:
    """A date with the month as a word: the last such word, for weekdays can look like months (mar., sam.)."""
    months = [month for word in _WORD.findall(text) if (month := _BY_NAME.get(word))]
    numbers = _NUMBER.findall(text)
    if not months or not numbers:
        return None
    year = next((number for number in numbers if len(number) == 4), None)
    short = [number for number in numbers if len(number) < 4]
    if year is None:
        if len(short) < 2:
            return None
        year = short[1]
    return _century(year), months[-1], int(short[0]) if short else 1


def _century(year: str) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if int(year) < 69 else 1900)  # as POSIX and RFC 6265 §5.1.1 do


def _clock(time: re.Match[str]) -> tuple[int, int, int]:
    hour, minute, second = int(time["hour"]), int(time["minute"]), int(time["second"] or 0)
    half = time["before"] or time["after"]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith(_AFTERNOON) else 0)
    return hour, minute, second


def _offset(text: str) -> timedelta:
    """The zone at the start of what follows a time; UTC where there is none or it cannot be."""
    text = text.lstrip(" .,;(")
    if match := _OFFSET.match(text):
        hours, minutes = int(match[2]), int(match[3] or 0)
        sense = hours <= 14 and minutes < 60
        return (-1 if match[1] == "-" else 1) * timedelta(hours=hours, minutes=minutes) * sense
    name = re.match(r"[a-z]*", text)
    return timedelta(minutes=ZONES.get(name[0], 0) if name else 0)


def _after_zone(text: str) -> str:
    """What follows a time, without the zone: +2022 is none, but +0100 would pass for a year."""
    return re.sub(r"^[\s.(]*(?:gmt|utc)?\s*[+-]\s*\d{1,2}:?(?:\d{2})?(?!\d)", " ", text)


def _moment(date: tuple[int, int, int], clock: tuple[int, int, int], offset: timedelta) -> datetime:
    """ValueError where the numbers make no moment. 24:00 is the end of the day, second 60 a leap second."""
    hour, minute, second = clock
    extra = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta()
    wall = datetime(*date, 0 if extra else hour, minute, min(second, 59) if second <= 60 else 60, tzinfo=UTC)
    return wall + extra - offset


def _by_name() -> dict[str, int]:
    """Word → month; beginnings that two months share are left out, whole names never."""
    whole = {name: number for row in MONTHS for number, name in enumerate(folded(row).split(), start=1)}
    meanings: dict[str, set[int]] = {}
    for name, number in whole.items():
        for end in range(3, len(name)):
            meanings.setdefault(name[:end], set()).add(number)
    return {word: number for word, (number, *others) in meanings.items() if not others} | whole


_BY_NAME = _by_name()
