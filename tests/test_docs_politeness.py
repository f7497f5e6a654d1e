"""docs/politeness.md keeps its word: every rule and attack has a row, and every proof it names exists."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.scenarios import SCENARIOS
from tests.scenarios.hostile import ATTACKS
from tests.scenarios.scenario import Scenario

ROOT = Path(__file__).parents[1]
PAGE, _, COMPARISON = (
    (ROOT / "docs" / "politeness.md").read_text(encoding="utf-8").partition("\n## Side by side")
)

RULES = [str(number) for number in range(1, 52)]
ROWS = [f"{family}{number}" for family, count in zip("ABCDEF", (5, 8, 3, 6, 4, 7), strict=True)
        for number in range(1, count + 1)]  # fmt: skip
TEST = re.compile(r"`([\w/]+\.py)::([\w:]+)`")


def rows(label: str) -> dict[str, list[str]]:
    """The cells of the rows whose first cell is such a label."""
    cells = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(rf"\| {label} \|", line)]
    return {first: rest for first, *rest in cells}


RULE_ROWS, ATTACK_ROWS = rows(r"\d+"), rows(r"[A-F]\d")


def test_every_rule_and_every_attack_has_its_row() -> None:
    assert list(RULE_ROWS) == RULES
    assert list(ATTACK_ROWS) == ROWS


@pytest.mark.parametrize("label", [*RULES, *ROWS])
def test_a_row_names_its_proof(label: str) -> None:
    *_, proof = {**RULE_ROWS, **ATTACK_ROWS}[label]

    assert TEST.search(proof) or "**scenarios**" in proof or "**attacks**" in proof


@pytest.mark.parametrize("label", [*RULES, *ROWS])
def test_the_tests_that_a_row_names_exist(label: str) -> None:
    *_, proof = {**RULE_ROWS, **ATTACK_ROWS}[label]

    assert [name for path, name in TEST.findall(proof) if name not in names_in(path)] == []


@cache
def names_in(path: str) -> frozenset[str]:
    """The tests of a file under tests/, those of a class with its name in front."""
    file = ROOT / "tests" / path
    return (
        frozenset(_tests(ast.parse(file.read_text(encoding="utf-8")).body)) if file.exists() else frozenset()
    )


def _tests(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _tests(statement.body, f"{prefix}{statement.name}::")
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + statement.name


@pytest.mark.parametrize("rule", RULES)
def test_a_row_says_scenarios_if_there_are_some(rule: str) -> None:
    plays = [scenario for scenario in SCENARIOS if scenario.rule == int(rule)]

    assert ("**scenarios**" in RULE_ROWS[rule][-1]) is bool(plays)


@pytest.mark.parametrize("row", ROWS)
def test_a_row_says_attacks_if_there_are_some(row: str) -> None:
    served = [attack for attack in ATTACKS if attack.row == row]

    assert ("**attacks**" in ATTACK_ROWS[row][-1]) is bool(served)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_the_comparison_has_a_row_for_every_scenario(scenario: Scenario) -> None:
    assert f"| {scenario.rule} | {scenario.name} | yes |" in COMPARISON


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_a_scenarios_source_is_linked_in_its_row(scenario: Scenario) -> None:
    _, source, *_ = RULE_ROWS[str(scenario.rule)]

    assert f"[{scenario.source}](https://" in source
