"""What the image, the compose file and the unit of systemd promise, held without an engine to run them.

To add a promise: a test here; what only an engine can show is told in docs/docker.md.
"""

import configparser
import re
import shutil
import subprocess
import sys
from importlib.metadata import distribution, requires
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.semantic.table import PIECES, WEIGHTS, Table

ROOT = Path(__file__).parent.parent
BASE = re.compile(r"docker\.io/library/python:\d+\.\d+-slim-[a-z]+(@sha256:[0-9a-f]{64})?")
# The modules that the image takes out of packages that it keeps.
UNASKED = (
    "babel.messages",
    "backports.zstd.tarfile",
    "backports.zstd.zipfile",
    "lxml.html._difflib",
    "lxml.html.diff",
    "lxml.isoschematron",
    "lxml.objectify",
    "pydantic.mypy",
    "pydantic.v1",
)


def dockerfile() -> str:
    """The Dockerfile without comments, each instruction on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return re.sub(r"\\\n\s*", " ", text)


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, each with what it says, on one line."""
    lines = dockerfile().splitlines()
    split = [line.partition(" ") for line in lines if line]
    return [(word, said.strip()) for word, _, said in split]


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for word, said in instructions():
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, said))
    return found


def said(word: str) -> list[str]:
    """What the last stage says with this word."""
    return [value for one, value in stages()[-1] if one == word]


def service() -> dict[str, Any]:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    found: dict[str, Any] = compose["services"]["aggregator"]
    return found


def left_out() -> list[str]:
    """The packages that the image does without although they were installed."""
    (removed,) = re.findall(r"uninstall --yes ([a-z0-9 -]+?) *&&", dockerfile())
    return str(removed).split()


class TestDockerfile:
    def test_its_base_is_named_with_its_version_and_is_the_same_for_all_stages(self) -> None:
        assert BASE.fullmatch(instructions()[0][1].removeprefix("BASE="))
        assert [stage[0][1].split()[0] for stage in stages()] == ["${BASE}", "${BASE}"]

    def test_everything_it_installs_is_a_wheel_with_a_hash(self) -> None:
        installs = [value for word, value in instructions() if word == "RUN" and " install " in value]
        foreign = [value for value in installs if "pip" in value.split()[0] and not value.endswith(" .")]

        assert any("run.txt" in value for value in foreign)
        for value in foreign:
            assert {"--require-hashes", "--only-binary", "--no-deps"} <= set(value.split())

    def test_the_last_stage_gets_no_packages(self) -> None:
        assert not [value for value in said("RUN") if re.search(r"apt|pip|gcc|curl", value)]

    def test_it_runs_as_a_user_by_number_that_is_not_root(self) -> None:
        assert [re.fullmatch(r"[1-9]\d+:[1-9]\d+", user) is not None for user in said("USER")] == [True]

    def test_it_is_started_without_a_shell_and_ended_by_sigterm(self) -> None:
        assert (said("ENTRYPOINT"), said("CMD")) == (['["aggregator"]'], ['["run"]'])
        assert said("STOPSIGNAL") == ["SIGTERM"]

    def test_its_health_is_asked(self) -> None:
        (check,) = said("HEALTHCHECK")

        assert check.endswith('CMD ["aggregator", "health"]')

    def test_it_has_one_volume_for_data_and_one_for_the_config(self) -> None:
        assert said("VOLUME") == ['["/data", "/config"]']
        assert "AGGREGATOR_DATA=/data" in said("ENV")[0]
        assert said("WORKDIR") == ["/"]  # so that config/aggregator.yaml lies in the volume

    def test_it_is_labelled(self) -> None:
        labels = set(re.findall(r"org\.opencontainers\.image\.([a-z.]+)=", said("LABEL")[0]))

        assert {"title", "description", "licenses", "version", "revision", "base.name"} <= labels

    def test_all_that_it_copies_is_there_and_reaches_the_build(self) -> None:
        copied = [value.split()[:-1] for word, value in stages()[0] if word == "COPY"]
        reaching = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]

        for path in (name for names in copied for name in names):
            assert (ROOT / path).exists()
            assert any(one == path or one.startswith(f"{path}/") for one in reaching)
        assert all((ROOT / path).exists() for path in reaching)

    def test_nothing_that_runs_needs_what_it_leaves_out(self) -> None:
        modules = {"markdown-it-py": "markdown_it"}
        blocked = [modules.get(name, name.replace("-", "_")) for name in left_out()] + list(UNASKED)
        program = f"""
import sys
for name in {blocked!r}:
    sys.modules[name] = None  # importing it fails from now on
import aggregator.app, aggregator.cli, aggregator.notices.sending
import aggregator.parse.article, aggregator.parse.worker
page = b"<html><body><article>" + b"<p>A dam burst in the valley on Tuesday, and many left.</p>" * 20
article = aggregator.parse.article.extract_article(page, "https://example.org/a", "text/html")
assert "dam burst" in article.content
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.tree import Tree
Console(force_terminal=True).print(Table("a"), Tree("b"))
"""

        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

        assert (done.returncode, done.stderr) == (0, "")

    def test_of_the_table_of_pieces_it_keeps_all_that_is_read(self, tmp_path: Path) -> None:
        folder = tmp_path / "wordllama"
        whole = Path(str(distribution("wordllama").locate_file("wordllama")))
        (folder / PIECES).parent.mkdir(parents=True)
        shutil.copy(whole / PIECES, folder / PIECES)
        (folder / WEIGHTS).parent.symlink_to((whole / WEIGHTS).parent)
        (cut,) = re.findall(r"&& bin/python -c '(.+?)'", dockerfile())
        title = "Dam bursts above a valley in the north"

        subprocess.run([sys.executable, "-c", cut, folder / PIECES], check=True)

        assert (folder / PIECES).stat().st_size < (whole / PIECES).stat().st_size / 3
        assert Table.read(folder).of(title, "en") == Table.read(whole).of(title, "en")

    def test_nobodys_own_config_can_get_into_it(self) -> None:
        reaching = (ROOT / ".dockerignore").read_text().split()

        assert not [line for line in reaching if line.startswith(("!config", "!data"))]
        assert not [path for path in (ROOT / "aggregator").rglob("*") if path.is_symlink()]

    def test_what_it_leaves_out_is_nothing_that_we_ask_for_ourselves(self) -> None:
        asked = {re.split(r"[<>=!~;\[ ]", name)[0] for name in requires("aggregator") or ()}

        assert asked.isdisjoint(left_out())


class TestCompose:
    def test_it_is_what_compose_understands(self) -> None:
        checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]

        done = subprocess.run([*checker, ROOT / "compose.yaml"], capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stdout

    def test_it_may_do_nothing_that_it_need_not(self) -> None:
        held = service()

        assert (held["read_only"], held["cap_drop"]) == (True, ["ALL"])
        assert held["security_opt"] == ["no-new-privileges:true"]
        assert {"mem_limit", "pids_limit", "logging", "tmpfs"} <= held.keys()
        assert not held.get("privileged")

    def test_it_runs_as_the_user_who_owns_the_config(self) -> None:
        assert service()["user"] == "${PUID:-1000}:${PGID:-1000}"

    def test_it_waits_longer_at_the_end_than_the_program_takes(self) -> None:
        assert service()["stop_grace_period"] == "30s"

    def test_its_port_and_volumes_are_those_of_the_image(self) -> None:
        assert [one.split(":")[-1] for one in service()["ports"]] == said("EXPOSE")
        assert {one.split(":")[1] for one in service()["volumes"]} == {"/config", "/data"}

    def test_only_this_machine_is_served_unless_it_is_changed(self) -> None:
        assert all(one.startswith("127.0.0.1:") for one in service()["ports"])


class TestUnit:
    @pytest.fixture
    def unit(self) -> configparser.SectionProxy:
        parser = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment, method-assign]
        parser.read(ROOT / "deploy" / "aggregator.service")
        return parser["Service"]

    def test_it_is_told_how_the_daemon_is(self, unit: configparser.SectionProxy) -> None:
        assert (unit["Type"], unit["WatchdogSec"]) == ("notify", "5min")

    def test_a_mistake_in_the_config_is_not_tried_again(self, unit: configparser.SectionProxy) -> None:
        assert (unit["Restart"], unit["RestartPreventExitStatus"]) == ("on-failure", "2")

    def test_it_may_do_nothing_that_it_need_not(self, unit: configparser.SectionProxy) -> None:
        assert (unit["User"], unit["CapabilityBoundingSet"]) == ("aggregator", "")
        assert (unit["NoNewPrivileges"], unit["ProtectSystem"], unit["ProtectHome"]) == (
            "yes",
            "strict",
            "yes",
        )


@pytest.mark.parametrize("page", ["docker.md", "systemd.md"])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text()

    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (ROOT / "docs" / target).exists()
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert anchor in {heading.lower().replace(" ", "-") for heading in headings}


def test_the_labels_on_the_page_are_what_compose_understands(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "docker.md").read_text()
    (block,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "compose.yaml").write_text(block)
    checker = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]

    done = subprocess.run([*checker, tmp_path / "compose.yaml"], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
