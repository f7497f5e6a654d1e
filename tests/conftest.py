"""What all tests share: a switch for golden files, and no silent skips in CI.

A test that needs a Debian program skips with its reason where that is absent. With AGGREGATOR_NO_SKIPS set
(CI sets it, having installed them all) a skip is a failure. No example of a property has a deadline: a busy
machine is no fault of the program.
"""

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--renew-golden`."""
    parser.addoption("--renew-golden", action="store_true", help="write golden files anew; look at the diff")


@pytest.fixture
def renew_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written rather than compared."""
    return bool(request.config.getoption("--renew-golden"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where every program should be there."""
    report = yield
    if report.skipped and os.environ.get("AGGREGATOR_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, but nothing may be skipped here: {call.excinfo}"
    return report
