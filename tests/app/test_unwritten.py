"""Who reads the log hears of what cannot be written once, again after a while, and when it is over."""

import logging
from dataclasses import dataclass

import pytest

from aggregator.app.unwritten import REMIND_SECONDS, Unwritten
from aggregator.logs import line


@dataclass
class Clock:
    """Shows what it is set to."""

    seconds: float = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def unwritten(clock: Clock, caplog: pytest.LogCaptureFixture) -> Unwritten:
    caplog.set_level(logging.INFO, "aggregator")
    return Unwritten(clock=clock)


def fails(unwritten: Unwritten, reason: str = "full", what: str = "outputs") -> None:
    unwritten.failed(what, reason, line("failed", what=what, error=reason))


def test_a_failure_that_comes_every_other_second_is_told_once(
    unwritten: Unwritten, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        fails(unwritten)

    assert caplog.messages == ["failed what=outputs error=full"]
    assert unwritten.reasons == {"outputs": "full"}


def test_two_that_fail_in_turns_are_told_once_each(
    unwritten: Unwritten, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        fails(unwritten, "full")
        fails(unwritten, "locked")

    assert len(caplog.messages) == 2


def test_it_is_told_again_after_a_while(
    unwritten: Unwritten, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    fails(unwritten)
    clock.seconds += REMIND_SECONDS
    fails(unwritten)
    fails(unwritten)

    assert len(caplog.messages) == 2


def test_another_reason_and_another_thing_are_told(
    unwritten: Unwritten, caplog: pytest.LogCaptureFixture
) -> None:
    fails(unwritten)
    fails(unwritten, "read-only")
    fails(unwritten, "read-only", "store")

    assert len(caplog.messages) == 3
    assert unwritten.reasons == {"outputs": "read-only", "store": "read-only"}


def test_the_end_is_told_and_what_comes_after_it_is_news(
    unwritten: Unwritten, caplog: pytest.LogCaptureFixture
) -> None:
    fails(unwritten)
    unwritten.written("outputs")
    unwritten.written("outputs")
    fails(unwritten)

    assert caplog.messages[1:] == ["written again what=outputs", "failed what=outputs error=full"]
