"""What ships with the program: the default config, the demo's, the schema, and the page that explains it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aggregator import demo
from aggregator.config import default_text, models, schema, values
from aggregator.config.positions import ListNode, MapNode, ScalarNode, find, read
from aggregator.core.settings import Settings
from tests.config.conftest import ONE_FEED, Faults, Load

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
DEFAULTS = ROOT / "aggregator" / "defaults"
SCHEMA = ROOT / "config" / "aggregator.schema.json"
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = BLOCK.findall(PAGE)
FOREIGN = ("services:", "# prometheus.yml")  # what compose and Prometheus read
OTHER_EXAMPLES = [
    (page.name, text)
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    for text in BLOCK.findall(page.read_text(encoding="utf-8"))
    if page.name != "configuration.md" and not text.startswith(FOREIGN)
]
ENVIRON = {"MY_TOKEN": "abc", "MY_PASSWORD": "abc", "RESEARCH_TOKEN": "0123456789-abcdef"}


def test_the_config_at_the_top_is_the_default_one() -> None:
    at_the_top = ROOT / "config" / "aggregator.yaml"

    assert at_the_top.read_bytes() == (DEFAULTS / "aggregator.yaml").read_bytes(), "copy the one that changed"


def test_the_default_config_loads(loaded: Load) -> None:
    settings = loaded(default_text()).settings

    assert len(settings.feeds) >= 25
    assert len(settings.outputs) == 3
    assert settings.tags


def test_every_feed_of_the_default_config_is_fetched_safely(loaded: Load) -> None:
    settings = loaded(default_text()).settings

    assert [feed.url for feed in settings.feeds if not feed.url.startswith("https://")] == []


def test_the_outputs_of_the_default_config_ask_only_for_tags_that_it_gives(loaded: Load) -> None:
    settings = loaded(default_text()).settings
    asked = set(
        re.findall(r"tag:([\w/-]+)", str([(output.include, output.exclude) for output in settings.outputs]))
    )

    families = {"/".join(name.split("/")[:depth]) for name in settings.named_tags for depth in (1, 2)}
    assert asked
    assert asked <= families


def test_what_the_default_config_shows_commented_out_is_right(loaded: Load, tmp_path: Path) -> None:
    (tmp_path / "subscriptions.opml").write_text(
        '<opml><outline xmlUrl="https://listed.example/"/></opml>', encoding="utf-8"
    )
    text = re.sub(r"^( *)#(?=[a-z_]+: |- )", r"\1", default_text(), flags=re.MULTILINE)

    settings = loaded(text, {"MY_TOKEN": "abc", "MY_PASSWORD": "abc"}).settings

    assert settings.feeds[0].headers == {"Authorization": "Bearer abc"}
    assert settings.feeds[-1].url == "https://listed.example/"
    assert settings.poll.user_agent is not None


def test_the_defaults_shown_commented_out_are_the_defaults(loaded: Load) -> None:
    shown = re.sub(
        r"^( *)#(?!allow_private|user_agent)(?=[a-z_]+: )", r"\1", _section("poll"), flags=re.MULTILINE
    )

    assert loaded(ONE_FEED + shown).settings.poll == Settings().poll


def _section(name: str) -> str:
    found = re.search(rf"^{name}:\n(?: .*\n)+", default_text(), re.MULTILINE)
    assert found is not None
    return found[0]


def test_the_demos_config_loads(loaded: Load) -> None:
    settings = loaded(demo.config_text("http://127.0.0.1:4321/")).settings

    assert len(settings.feeds) == 12
    assert all(feed.url.startswith("http://127.0.0.1:4321/") for feed in settings.feeds)


def test_the_schema_is_what_the_models_say(capsys: pytest.CaptureFixture[str]) -> None:
    code = schema.main(["--check", str(SCHEMA)])

    assert (code, capsys.readouterr().err) == (0, "")


@pytest.mark.parametrize("content", ["{}", None], ids=["stale", "missing"])
def test_a_stale_schema_is_told_with_the_command_that_renews_it(
    content: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "aggregator.schema.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    code = schema.main(["--check", str(path)])

    assert code == 1
    assert f"renew it: python -m aggregator.config.schema --write {path}" in capsys.readouterr().err


def test_the_schema_is_checked_from_the_command_line() -> None:
    command = [sys.executable, "-m", "aggregator.config.schema", "--check", str(SCHEMA)]

    assert subprocess.run(command, cwd=ROOT, check=False, timeout=60).returncode == 0


def test_the_schema_is_written_as_it_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.schema.json"

    codes = schema.main(["--write", str(path)]), schema.main(["--check", str(path)])

    assert codes == (0, 0)


def test_editors_that_follow_the_schema_accept_what_ships(tmp_path: Path) -> None:
    text = re.sub(r"(?m)^( *)#(?=[a-z_]+: |- )", r"\1", default_text()).replace("dedup: off", 'dedup: "off"')
    (tmp_path / "all.yaml").write_text(text, encoding="utf-8")

    checked = _checked(tmp_path / "all.yaml", DEFAULTS / "aggregator.yaml", DEFAULTS / "demo.yaml")

    assert checked.returncode == 0, checked.stdout


def test_editors_that_follow_the_schema_underline_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(ONE_FEED + "outputs: [{name: a, limt: 3}]", encoding="utf-8")

    checked = _checked(path)

    assert checked.returncode == 1
    assert "limt" in checked.stdout


def _checked(*paths: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(SCHEMA), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_the_page_has_a_part_for_every_section() -> None:
    assert [name for name in models.Config.model_fields if f"\n## `{name}`\n" not in PAGE] == []


@pytest.mark.usefixtures("opml")
@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_of_the_page_loads(text: str, loaded: Load) -> None:
    assert loaded(text, ENVIRON).settings.feeds


@pytest.mark.usefixtures("opml")
@pytest.mark.parametrize(("page", "text"), OTHER_EXAMPLES)
def test_every_piece_of_a_config_on_another_page_loads(page: str, text: str, loaded: Load) -> None:
    whole = text if "feeds" in yaml.safe_load(text) else ONE_FEED + text

    got = loaded(whole, ENVIRON)

    assert got.settings.feeds or got.remote_opml, page


def test_the_pieces_of_a_config_are_found() -> None:
    assert {page for page, _ in OTHER_EXAMPLES} >= {"README.md", "filters.md", "moving-in.md", "websub.md"}


@pytest.fixture
def opml(tmp_path: Path) -> None:
    """The list that the examples name."""
    (tmp_path / "subscriptions.opml").write_text(
        '<opml><outline xmlUrl="https://listed.example/"/></opml>', encoding="utf-8"
    )


def test_the_page_names_every_word_that_no_output_may_have() -> None:
    last = PAGE.rpartition("No output may be called ")[2]

    assert set(re.findall(r"`(\w+)`", last)) == values.RESERVED_NAMES


def test_the_mistakes_on_the_page_are_told_as_it_shows_them(faults_of: Faults) -> None:
    text = """
poll:
  every: 30
feeds:
  - https://example.org/one.xml
  - https://example.org/two.xml
  - url: https://example.org/three.xml
    titel: Three
outputs:
  - name: security
    include: [nato, titel:missile*]
    exclude: "live blog" uk
"""
    shown = PAGE.partition("```text\n")[2].partition("```")[0]

    assert faults_of(text) == shown.splitlines()


def test_places_are_found_as_they_are_written() -> None:
    root = read("a: {b: [c, d]}\n").root

    assert isinstance(root, MapNode)
    assert isinstance(find(root, ("a",)), MapNode)
    assert isinstance(find(root, ("a", "b")), ListNode)
    assert isinstance(found := find(root, ("a", "b", 1)), ScalarNode)
    assert found.text == "d"
    assert find(root, ("a", "b", 1, "e")) is found
    assert find(root, ("a", "b", 9)) is find(root, ("a", "b"))


@pytest.mark.parametrize("name", ["aggregator.yaml", "demo.yaml"])
def test_what_ships_can_be_read_by_pyyaml_without_libyaml(name: str) -> None:
    text = (DEFAULTS / name).read_text(encoding="utf-8")

    assert read(text, yaml.SafeLoader).flaws == []
