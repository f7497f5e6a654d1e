"""The tutorial, from its first line to its last, as somebody follows it who begins in an empty folder."""

from itertools import islice
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, blocks_of
from tests.docs.learner import a_learner, free_addresses

PAGE = ROOT / "docs" / "tutorial.md"


@pytest.mark.timeout(300)
def test_whoever_follows_the_tutorial_sees_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers, served = islice(free_addresses(), 2)
    here = {"127.0.0.1:8090": papers, "--papers 8090": f"--papers {papers[-4:]}", "127.0.0.1:8080": served}
    with a_learner(monkeypatch, tmp_path, here) as learner:
        monkeypatch.setenv("AGGREGATOR_LISTEN", served)
        for block in blocks_of(PAGE):
            learner.follow(block)
        codes = learner.end()

    assert codes == [0, 0]
    if learner.absent:
        pytest.skip(f"nobody could do what needs {', '.join(learner.absent)}")
