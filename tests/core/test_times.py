"""Times as text: what sorts as text sorts as time."""

from datetime import UTC, datetime, timedelta, timezone

from aggregator.core.times import from_text, to_text


def test_a_time_is_written_in_utc_with_milliseconds() -> None:
    noon_in_tokyo = datetime(2026, 11, 24, 12, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=9)))

    assert to_text(noon_in_tokyo) == "2026-11-24T03:00:00.123Z"


def test_what_was_written_is_read_back() -> None:
    moment = datetime(1, 2, 3, 4, 5, 6, 7_000, tzinfo=UTC)

    assert from_text(to_text(moment)) == moment


def test_text_sorts_as_time_does() -> None:
    moments = [
        datetime(999, 12, 31, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, tzinfo=UTC),
    ]

    assert [from_text(text) for text in sorted(map(to_text, reversed(moments)))] == moments
