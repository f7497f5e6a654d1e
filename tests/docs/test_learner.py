"""What a page shows and what is said: when they are the same, and that it is noticed when they are not."""

from pathlib import Path

import pytest

from tests.docs.blocks import Block
from tests.docs.learner import a_learner, difference

SAID = "2 feeds polled (2 new)\n3 new entries, 2 new stories, 4 files published\n"


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        (SAID, SAID, True),
        (SAID, SAID.replace("3", "4"), False),
        ("", "", True),
        ("", SAID, False),
        (SAID, "", False),
        ("…\n", SAID, True),
        ("2 feeds polled (2 new)\n…\n", SAID, True),
        ("2 feeds polled (2 new)\n", SAID, False),
        ("…\n3 new entries\n", SAID, False),
        ("…\n3 new entries, …\n", SAID, True),
        ("…\n2 feeds …\n3 new …\n…\n", SAID, True),
        ("3 new …\n2 feeds …\n", SAID, False),
        ("2 feeds …\n", SAID, False),
        ("at 2026-11-25 10:00\n", "at 2027-01-01 23:59\n", True),
        ("on 2026-11-25\n", "on 2027-01-01\n", True),
        ("on 2026-11-25\n", "on Monday\n", False),
        ("title  feeds\n", "title  feeds   \n", True),
        ("title  feeds\n", "title   feeds\n", False),
    ],
)
def test_what_is_shown_and_what_is_said(shown: str, said: str, same: bool) -> None:
    assert (difference(shown, said) == "") is same


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("console", "$ echo a\nb\n", "docs/page.md:2: $ echo a\nthe page shows:\nb\nbut it says:\na\n"),
        ("console", "$ true\n$ false\n", "docs/page.md:3: $ false"),
        ("sh", "false\n", "docs/page.md:2: $ false"),
        ("sh", "aggregator stories\n", "no store here"),
        ("console", "$ aggregator --version\nnone\n", "but it says:\naggregator, version"),
    ],
)
def test_a_block_that_is_not_as_its_page_says_is_told_with_its_place(
    language: str, text: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        a_learner(monkeypatch, tmp_path, {}) as learner,
        pytest.raises(pytest.fail.Exception) as failed,
    ):
        learner.follow(Block("docs/page.md", 1, language, text))

    assert fault in str(failed.value)


def test_addresses_of_a_page_lead_to_those_of_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_learner(monkeypatch, tmp_path, {"127.0.0.1:8080": "127.0.0.1:9"}) as learner:
        learner.follow(Block("page.md", 1, "console", "$ echo 127.0.0.1:8080 | tee it\n127.0.0.1:8080\n"))

    assert (tmp_path / "it").read_text() == "127.0.0.1:9\n"


def test_a_program_that_is_absent_is_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_learner(monkeypatch, tmp_path, {}) as learner:
        learner.follow(Block("page.md", 1, "console", "$ no-such-reader urls\n3 unread\n"))

    assert learner.absent == ["no-such-reader"]
