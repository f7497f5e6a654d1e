"""The files for other programs, on the pages and in deploy/: those programs say whether they take them.

A piece of a file is put where it belongs; what it names on somebody's machine is what the tests have.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.docs.blocks import PAGES, ROOT, Block, blocks_of

TLS = ROOT / "tests" / "fetch" / "tls"
NGINX = """
pid {folder}/nginx.pid; error_log stderr; events {{}}
http {{ access_log off; {temporary} {servers} }}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
THERE = {
    "/etc/ssl/news.example.org.pem": str(TLS / "certificate.pem"),
    "/etc/ssl/news.example.org.key": str(TLS / "key.pem"),
    "listen 443 ssl;": "listen 127.0.0.1:8443 ssl;",
}


def blocks_in(language: str) -> list[Block]:
    """All blocks of this language, on whichever page."""
    return [block for page in PAGES for block in blocks_of(page) if block.language == language]


def verdict_of(*command: str, cwd: Path) -> str:
    """What the program has against its input; nothing where it takes it. Skips where it is absent."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is absent")
    environ = {**os.environ, "HOME": str(cwd), "XDG_DATA_HOME": str(cwd), "XDG_CONFIG_HOME": str(cwd)}
    done = subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    return f"{done.stdout}{done.stderr}" if done.returncode else ""


def nginx_verdict(text: str, folder: Path) -> str:
    """What nginx has against a server, or a location of one."""
    for page, here in THERE.items():
        text = text.replace(page, here)
    temporary = " ".join(f"{one}_temp_path {folder}/{one};" for one in TEMPORARY)
    servers = text if text.startswith("server ") else f"server {{ listen 127.0.0.1:8444; {text} }}"
    (folder / "nginx.conf").write_text(
        NGINX.format(folder=folder, temporary=temporary, servers=servers), encoding="utf-8"
    )
    return verdict_of("nginx", "-t", "-p", str(folder), "-c", str(folder / "nginx.conf"), cwd=folder)


def caddy_verdict(text: str, folder: Path) -> str:
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    return verdict_of("caddy", "validate", "--adapter", "caddyfile", "--config", "Caddyfile", cwd=folder)


@pytest.mark.parametrize("block", blocks_in("nginx"), ids=lambda block: block.place)
def test_nginx_takes_what_a_page_has_for_it(block: Block, tmp_path: Path) -> None:
    assert nginx_verdict(block.text, tmp_path) == ""


@pytest.mark.parametrize("block", blocks_in("caddyfile"), ids=lambda block: block.place)
def test_caddy_takes_what_a_page_has_for_it(block: Block, tmp_path: Path) -> None:
    assert caddy_verdict(block.text, tmp_path) == ""


def test_what_is_wrong_with_a_file_would_be_found(tmp_path: Path) -> None:
    assert "unknown directive" in nginx_verdict("proxy_bufering off;", tmp_path)
    assert "unrecognized" in caddy_verdict("a.example {\n\treverse_prxy 127.0.0.1:1\n}\n", tmp_path)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = (ROOT / "deploy" / "aggregator.service").read_text(encoding="utf-8")
    program = Path(sys.executable).with_name("aggregator")
    assert "ExecStart=/opt/aggregator/bin/aggregator run" in unit
    (tmp_path / "aggregator.service").write_text(unit.replace("/opt/aggregator/bin/aggregator", str(program)))

    assert verdict_of("systemd-analyze", "verify", "./aggregator.service", cwd=tmp_path) == ""


def test_what_prometheus_is_told_is_where_the_metrics_are() -> None:
    (block,) = (one for one in blocks_in("yaml") if one.file == "prometheus.yml")

    (job,) = yaml.safe_load(block.text)["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["localhost:8080"]}]  # and /metrics, which is its default
