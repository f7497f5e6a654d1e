"""Every form of date that feeds were seen to use, and what it means."""

from datetime import UTC, datetime, timedelta
from time import struct_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.parse.dates import MONTHS, read_date

DAY = "2022-01-10T00:00:00"
HALF_PAST_TWO = "2022-01-10T14:30:00"
HALF_PAST_ONE = "2022-01-10T13:30:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # RFC 822 and what became of it
        ("Mon, 10 Jan 2022 14:30:00 GMT", HALF_PAST_TWO),
        ("Mon, 10 Jan 2022 14:30:00 +0000", HALF_PAST_TWO),
        ("Mon, 10 Jan 2022 14:30:00 +0100", HALF_PAST_ONE),
        ("Mon, 10 Jan 2022 14:30:00 +01:00", HALF_PAST_ONE),
        ("Mon, 10 Jan 2022 14:30:00 -0500", "2022-01-10T19:30:00"),
        ("Mon, 10 Jan 2022 14:30:00 -0000", HALF_PAST_TWO),
        ("Mon, 10 Jan 2022 14:30:00 EST", "2022-01-10T19:30:00"),
        ("Fri, 01 Jul 2022 14:30:00 EDT", "2022-07-01T18:30:00"),
        ("Fri, 01 Jul 2022 14:30:00 CEST", "2022-07-01T12:30:00"),
        ("Fri, 01 Jul 2022 14:30:00 BST", "2022-07-01T13:30:00"),
        ("Mon, 10 Jan 2022 14:30:00 JST", "2022-01-10T05:30:00"),
        ("Mon, 10 Jan 2022 14:30:00 UT", HALF_PAST_TWO),
        ("Mon, 10 Jan 2022 14:30:00 Z", HALF_PAST_TWO),
        ("Mon, 10 Jan 2022 14:30:00 GMT+1", HALF_PAST_ONE),
        ("Mon, 10 Jan 2022 14:30:00 GMT+0100 (CET)", HALF_PAST_ONE),
        ("Mon, 10 Jan 2022 14:30:00 UTC-05:00", "2022-01-10T19:30:00"),
        ("Mon, 10 Jan 2022 14:30:00 +0100 (CET)", HALF_PAST_ONE),
        ("Mon, 10 Jan 2022 14:30:00 \u22120100", "2022-01-10T15:30:00"),
        ("Mon, 10 Jan 2022 14:30:00 +9900", HALF_PAST_TWO),
        ("Mon, 10 Jan 2022 14:30:00 Wherever", HALF_PAST_TWO),
        ("Mon, 10 Jan 2022 14:30", HALF_PAST_TWO),
        ("Mon, 10 Jan 2022", DAY),
        ("10 Jan 22 14:30:00 GMT", HALF_PAST_TWO),
        ("10 Jan 99 14:30:00 GMT", "1999-01-10T14:30:00"),
        ("Thu, 10 Jan 2022 14:30:00 GMT", HALF_PAST_TWO),  # a wrong weekday
        ("Monday, 10-Jan-22 14:30:00 GMT", HALF_PAST_TWO),  # RFC 850
        ("Mon Jan 10 14:30:00 2022", HALF_PAST_TWO),  # asctime
        ("Mon Jan 10 14:30:00 EST 2022", "2022-01-10T19:30:00"),  # date(1)
        ("Mon Jan 10 2022 14:30:00 GMT+0100 (Central European Standard Time)", HALF_PAST_ONE),
        ("Mon Jan 10 14:30:00 +0100 2022", HALF_PAST_ONE),
        ("January 10, 2022 2:30 PM", HALF_PAST_TWO),
        ("January 10th, 2022 at 2:30 p.m.", HALF_PAST_TWO),
        ("10 January 2022 12:05 am", "2022-01-10T00:05:00"),
        ("Mon, 10 Jan 2022 24:00:00 GMT", "2022-01-11T00:00:00"),
        ("Sat, 31 Dec 2016 23:59:60 GMT", "2016-12-31T23:59:59"),
        ("Sept 5, 2022", "2022-09-05T00:00:00"),
        ("January 2022", "2022-01-01T00:00:00"),
        # ISO 8601, RFC 3339
        ("2022-01-10T14:30:00Z", HALF_PAST_TWO),
        ("2022-01-10T14:30:00.123456Z", HALF_PAST_TWO),
        ("2022-01-10T14:30:00+01:00", HALF_PAST_ONE),
        ("2022-01-10T14:30:00+0100", HALF_PAST_ONE),
        ("2022-01-10T14:30:00+01", HALF_PAST_ONE),
        ("2022-01-10t14:30z", HALF_PAST_TWO),
        ("2022-01-10 14:30:00", HALF_PAST_TWO),
        ("2022-01-10 14:30:00 +0100", HALF_PAST_ONE),
        ("2022-01-10 14:30:00 UTC", HALF_PAST_TWO),
        ("2022.01.10", DAY),
        ("2022. 01. 10. 14:30", HALF_PAST_TWO),
        ("2022-1-10", DAY),
        ("2022-01", "2022-01-01T00:00:00"),
        ("2022/01/10 14:30", HALF_PAST_TWO),
        ("20220110", DAY),
        ("20220110T143000Z", HALF_PAST_TWO),
        ("20220110T1430+0100", HALF_PAST_ONE),
        ("20220110143000", HALF_PAST_TWO),
        ("202201101430", HALF_PAST_TWO),
        ("  2022-01-10T14:30:00Z\n", HALF_PAST_TWO),
        # in digits
        ("10.01.2022", DAY),
        ("10.1.22", DAY),
        ("10. 01. 2022 14:30", HALF_PAST_TWO),
        ("10.01.2022 14.30", HALF_PAST_TWO),
        ("10.01.2022, 14:30 Uhr", HALF_PAST_TWO),
        ("10/01/2022 14:30", HALF_PAST_TWO),
        ("10-01-2022 14:30", HALF_PAST_TWO),
        ("01/25/2022", "2022-01-25T00:00:00"),
        ("1/10/2022 2:30:00 PM", HALF_PAST_TWO),
        ("10/01/2022 14:30:00 +0100", HALF_PAST_ONE),
        # epochs
        ("1641825000", HALF_PAST_TWO),
        ("1641825000.5", "2022-01-10T14:30:00.000"),
        ("1641825000000", HALF_PAST_TWO),
        ("1641825000000000", HALF_PAST_TWO),
        ("978307200", "2001-01-01T00:00:00"),
        # other languages
        ("Montag, 10. Januar 2022 - 14:30 Uhr", HALF_PAST_TWO),
        ("Mo, 10 Jän 2022 14:30:00 +0100", HALF_PAST_ONE),
        ("Di, 08 Mär 2022 14:30:00 +0100", "2022-03-08T13:30:00"),
        ("Fr, 09 Dez 2022 14:30:00 +0100", "2022-12-09T13:30:00"),
        ("lundi 10 janvier 2022 à 14h30", HALF_PAST_TWO),
        ("mar. 08 févr. 2022 14:30", "2022-02-08T14:30:00"),
        ("mar. 08 mars 2022 14 h 30", "2022-03-08T14:30:00"),
        ("1er août 2022", "2022-08-01T00:00:00"),
        ("lun, 10 ene 2022 14:30:00 +0100", HALF_PAST_ONE),
        ("10 de enero de 2022 a las 14:30", HALF_PAST_TWO),
        ("martes, 8 de marzo de 2022", "2022-03-08T00:00:00"),
        ("lunedì 10 gennaio 2022 14:30", HALF_PAST_TWO),
        ("gio, 09 giu 2022 14:30:00", "2022-06-09T14:30:00"),
        ("seg, 10 jan 2022 14:30:00 -0300", "2022-01-10T17:30:00"),
        ("5 de outubro de 2022 às 14h30", "2022-10-05T14:30:00"),
        ("ma 10 januari 2022 14:30", HALF_PAST_TWO),
        ("di, 08 mrt 2022 14:30", "2022-03-08T14:30:00"),
        ("maandag 10 januari 2022", DAY),
        ("poniedziałek, 10 stycznia 2022 14:30", HALF_PAST_TWO),
        ("środa, 5 października 2022", "2022-10-05T00:00:00"),
        ("Pn, 10 sty 2022 14:30:00 +0100", HALF_PAST_ONE),
        ("måndag 10 januari 2022 kl. 14.30", HALF_PAST_TWO),
        ("tors, 5 maj 2022", "2022-05-05T00:00:00"),
        ("10 Ocak 2022 Pazartesi 14:30", HALF_PAST_TWO),
        ("5 Ağustos 2022", "2022-08-05T00:00:00"),
        ("15 Şub 2022 14:30", "2022-02-15T14:30:00"),
        ("15 KASIM 2022", "2022-11-15T00:00:00"),
        ("понедельник, 10 января 2022 г. 14:30", HALF_PAST_TWO),
        ("Пн, 10 янв 2022 14:30:00 +0300", "2022-01-10T11:30:00"),
        ("9 мая 2022", "2022-05-09T00:00:00"),
        ("10 січня 2022 14:30", HALF_PAST_TWO),
        ("10. ledna 2022", DAY),
        ("2022年1月10日", DAY),
        ("2022年1月10日 14:30", HALF_PAST_TWO),
        ("2022年01月10日(月) 14時30分", HALF_PAST_TWO),
        ("2022年1月10日 下午2:30", HALF_PAST_TWO),
        ("２０２２年１月１０日", DAY),
        ("2022년 1월 10일 오후 2:30", HALF_PAST_TWO),
        # no date, or none that makes sense
        ("", None),
        ("yesterday", None),
        ("Mon, 32 Jan 2022 14:30:00 GMT", None),
        ("30 February 2022", None),
        ("2026-02-30T25:61:61Z", None),
        ("2022-01-10T25:00:00Z", None),
        ("2022-13-10", None),
        ("10 Jan 2022 14:30:75", None),
        ("0", None),
        ("0001-01-01T00:00:00Z", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("9999-12-31T23:59:59Z", None),
        ("99999999999999", None),
        ("Jan 5", None),
        ("14:30", None),
        ("20220110 and some words", None),
        ("10 Jan 2022 " + "x" * 200, None),
    ],
)
def test_reads_what_feeds_write(text: str, expected: str | None) -> None:
    moment = read_date(text)

    wanted = None if expected is None else datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert (moment and moment.replace(microsecond=0)) == wanted


def test_an_american_feed_names_the_month_first() -> None:
    assert read_date("03/04/2026", month_first=True) == datetime(2026, 3, 4, tzinfo=UTC)


def test_an_american_feed_still_may_name_the_day_first() -> None:
    assert read_date("25/04/2026", month_first=True) == datetime(2026, 4, 25, tzinfo=UTC)


def test_takes_the_other_reading_for_a_form_it_does_not_know() -> None:
    other = struct_time((2004, 6, 7, 8, 9, 60, 0, 159, 0))

    assert read_date("the seventh of the sixth", fallback=other) == datetime(2004, 6, 7, 8, 9, 59, tzinfo=UTC)


def test_the_other_reading_must_make_sense_too() -> None:
    assert read_date("long ago", fallback=struct_time((1793, 1, 1, 0, 0, 0, 0, 1, 0))) is None


def test_knows_every_month_of_every_language_by_its_name() -> None:
    unread = [
        name
        for row in MONTHS
        for number, name in enumerate(row.split(), start=1)
        if read_date(f"9 {name} 2022") != datetime(2022, number, 9, tzinfo=UTC)
    ]

    assert unread == []


@given(st.integers(86_400, 3_400_000_000), st.integers(-12, 14))
def test_what_python_writes_is_read_back(seconds: int, hours: int) -> None:
    wall = datetime(1990, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds)
    east = f"{'-' if hours < 0 else '+'}{abs(hours):02}00"

    expected = wall - timedelta(hours=hours)
    assert read_date(f"{wall:%a, %d %b %Y %H:%M:%S} {east}") == expected
    assert read_date(f"{wall:%Y-%m-%dT%H:%M:%S}{east}") == expected


@given(st.text(max_size=120))
def test_never_raises(text: str) -> None:
    moment = read_date(text)

    assert moment is None or moment.tzinfo is UTC
