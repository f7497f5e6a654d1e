"""The two servers: aggregator's daemon with an output of a usual size, and nginx with the same file."""

import gzip
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path

from aggregator.model import Story
from benchmarks.zipf import START, Press

NGINX = shutil.which("nginx", path=os.defpath + ":/usr/sbin") or sys.exit("needs nginx (Debian: nginx-light)")
ITEMS = 100
TEXTS = 3  # of made-up stories that make one long one
OUTPUT = "all.atom"
PATIENCE_SECONDS = 60

OURS = """\
server: {{listen: "127.0.0.1:{port}"}}
poll: {{allow_private: [127.0.0.0/8], spread: 0s}}
feeds: ["{feed}"]
"""
THEIRS = """\
{user}worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  types {{ application/atom+xml atom; }}
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=100;
  gzip_static on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that runs, and where it has the output."""

    name: str
    pid: int
    url: str


@contextmanager
def contenders(folder: Path) -> Iterator[Sequence[Contender]]:
    """Ours and nginx, both serving; ended on the way out."""
    data, site = folder / "data", folder / "site"
    ours, theirs = _free_port(), _free_port()
    with _a_feed() as feed:
        (folder / "aggregator.yaml").write_text(OURS.format(port=ours, feed=feed))
        told = (sys.executable, "-m", "aggregator", "--config", folder / "aggregator.yaml", "--data", data)
        subprocess.run([*map(str, told), "poll"], check=True, capture_output=True)
    site.mkdir()
    body = (data / "public" / OUTPUT).read_bytes()
    (site / OUTPUT).write_bytes(body)
    (site / f"{OUTPUT}.gz").write_bytes(gzip.compress(body, compresslevel=6, mtime=0))
    written = THEIRS.format(
        port=theirs, root=site, folder=folder, user="" if os.geteuid() else "user root;\n"
    )
    (folder / "nginx.conf").write_text(written)
    nginx = (NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log")
    with _running(folder, *told, "run") as our_pid, _running(folder, *nginx) as nginx_pid:
        yield [_answering("ours", our_pid, ours), _answering("nginx", nginx_pid, theirs)]


@contextmanager
def _running(folder: Path, *command: object) -> Iterator[int]:
    with (folder / "log").open("ab") as out:
        process = subprocess.Popen([*map(str, command)], stdout=out, stderr=out)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _answering(name: str, pid: int, port: int) -> Contender:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return Contender(name, pid, f"http://127.0.0.1:{port}/{OUTPUT}")
    sys.exit(f"{name} does not answer")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def _a_feed() -> Iterator[str]:
    """The address of a feed with as many stories as an output shows, as long as full texts are."""
    document = _rss().encode()

    class Feed(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/rss"
        server.shutdown()


def _rss() -> str:
    written = Press(ITEMS * TEXTS).print()
    items = "".join(_item(number, list(islice(written, TEXTS))) for number in range(ITEMS))
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


def _item(number: int, stories: Sequence[Story]) -> str:
    """One item that says what these stories say, some three kilobytes."""
    date = format_datetime(START + timedelta(hours=number), usegmt=True)
    text = escape("".join(story.summary + story.content for story in stories))
    return (
        f"<item><guid>{stories[0].url}</guid><link>{stories[0].url}</link><title>{stories[0].title}</title>"
        f"<pubDate>{date}</pubDate><description>{text}</description></item>"
    )
