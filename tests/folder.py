"""A folder of files as a web server's, and where its pages lead."""

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote


class _Quiet(SimpleHTTPRequestHandler):
    """What `python -m http.server` answers, without its log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (so the server calls it)
        """Nobody asks."""


@contextmanager
def serving_below(path: str, folder: Path) -> Iterator[str]:
    """Where a web server has the folder, below this path of its own root."""
    root = folder.with_name("root")
    place = root / path
    place.parent.mkdir(parents=True)
    place.symlink_to(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/{path}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def dead_links(links: Iterable[tuple[str, str]], folder: Path, base: str) -> list[str]:
    """Links, as they are written and as they are understood, that lead to no file of this folder.

    Whole addresses may lead to the sites that news is from, and those are all at example.org.
    """
    return [
        written
        for written, whole in links
        if not written.startswith("#")
        and not re.match(r"https://[a-z.]*example\.org/", written)
        and not (whole.startswith(base) and (folder / _path(whole.removeprefix(base))).is_file())
    ]


def _path(address: str) -> str:
    return unquote(address.partition("#")[0])
