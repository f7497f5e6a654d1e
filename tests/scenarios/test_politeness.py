"""We keep every rule that can be judged from outside: one test for each scenario, named as the rule."""

from pathlib import Path

import pytest

from tests.scenarios import SCENARIOS
from tests.scenarios.guests import ourselves
from tests.scenarios.scenario import Scenario, judged


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
async def test_we_keep_the_rule(scenario: Scenario, tmp_path: Path) -> None:
    assert await judged(scenario, ourselves, tmp_path) is None
