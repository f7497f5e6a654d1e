"""`publish --to`: a folder for a static host, from a shell."""

import pytest

from aggregator.store import Store
from tests.newsroom import Desk

ADDRESS = "https://reader.example.net/news"


def test_makes_a_folder_and_says_what_it_wrote(stocked: Desk) -> None:
    ended = stocked.run("publish", "--to", str(stocked.folder / "site"), "--url", ADDRESS)

    assert ended.code == 0
    assert ended.out.endswith("tag/energy.html\nindex.html\n14 files changed\n")
    assert f"{ADDRESS}/all.atom" in (stocked.folder / "site" / "all.atom").read_text()


def test_works_while_a_daemon_owns_the_data(stocked: Desk) -> None:
    store = Store.open(stocked.data)
    try:
        ended = stocked.run("publish", "--to", "site", "--url", ADDRESS)
    finally:
        store.close()

    assert ended.code == 0
    assert (stocked.folder / "site" / "gas.json").exists()


def test_takes_the_address_from_the_config(stocked: Desk) -> None:
    stocked.config.write_text(f"server: {{public_url: '{ADDRESS}'}}\n{stocked.config.read_text()}")

    assert stocked.run("publish", "--to", "site").code == 0

    assert f"{ADDRESS}/all.atom" in (stocked.folder / "site" / "all.atom").read_text()


def test_tells_of_a_file_that_it_leaves_alone(stocked: Desk) -> None:
    (stocked.folder / "site").mkdir()
    (stocked.folder / "site" / "all.rss").write_text("mine")

    ended = stocked.run("publish", "--to", "site", "--url", ADDRESS)

    assert ended.err == "left alone: site/all.rss: somebody else's file; take it away to have ours\n"
    assert "13 files changed" in ended.out
    assert (stocked.folder / "site" / "all.rss").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "site"), "say with --url where the folder will be served"),
        (("--to", "site", "--url", "news"), "--url: 'news' is not a web address"),
        (("--url", ADDRESS), "name that too"),
        (("--to", "data", "--url", ADDRESS), "is in the data folder"),
        (("--to", "data/public", "--url", ADDRESS), "is in the data folder"),
        (("--to", "aggregator.yaml", "--url", ADDRESS), "is a file"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(
    stocked: Desk, arguments: tuple[str, ...], said: str
) -> None:
    before = stocked.published()

    ended = stocked.run("publish", *arguments)

    assert ended.code == 2
    assert said in ended.err
    assert stocked.published() == before
    assert not (stocked.folder / "site").exists()
