"""Where notices are sent: read as written, judged by who sends them, and shown by no message."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from aggregator.config import load
from aggregator.errors import ConfigError
from tests.config.conftest import ONE_FEED, Faults, Load


def test_addresses_reach_the_settings_once_each_and_are_shown_nowhere(loaded: Load) -> None:
    text = ONE_FEED + "notify: ['ntfy://a', 'json://me:${PASSWORD}@x/', 'ntfy://a']\n"

    settings = loaded(text, {"PASSWORD": "hunter2"}).settings

    assert settings.notify == ("ntfy://a", "json://me:hunter2@x/")
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("address", ["hunter2", "ntfy:/hunter2", "'ntfy://hunter2 x'", "'://hunter2'"])
def test_what_is_no_address_is_told_with_its_place_and_without_the_value(
    faults_of: Faults, address: str
) -> None:
    (fault,) = faults_of(f"{ONE_FEED}notify:\n  - {address}\n")

    assert "notify[0]: is no address of a service for notices" in fault
    assert "hunter2" not in fault


def test_the_judge_finds_what_is_wrong_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.yaml"
    path.write_text(f"{ONE_FEED}notify:\n  - ntfy://a\n  - nfty://hunter2\n")

    def judge(addresses: Sequence[str]) -> Sequence[str | None]:
        return [None if one.startswith("ntfy:") else "is of no service" for one in addresses]

    with pytest.raises(ConfigError) as told:
        load(path, {}, judge=judge)

    (fault,) = told.value.faults
    assert (fault.line, fault.column, fault.path, fault.message) == (4, 5, "notify[1]", "is of no service")
