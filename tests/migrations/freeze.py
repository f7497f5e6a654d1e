"""Make the data file that later versions must take over: `python -m tests.migrations.freeze FILE`.

Run when a step was added, it leaves what that code stores of the documents in `frozen/`. The tests of
upgrades hold every later version to it.
"""

import lzma
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

FROZEN = Path(__file__).parent / "frozen"
ADDRESS = ("127.0.0.1", 18765)
"""Where the config in `frozen/` says that the feeds are."""


def freeze(file: Path) -> None:
    """Poll the documents once with this code, and write the packed data file."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadingHTTPServer(ADDRESS, partial(SimpleHTTPRequestHandler, directory=str(FROZEN))) as web,
    ):
        Thread(target=web.serve_forever, daemon=True).start()
        config = str(FROZEN / "aggregator.yaml")
        command = [sys.executable, "-m", "aggregator", "--config", config, "--data", folder, "poll", "--all"]
        subprocess.run(command, check=True)
        web.shutdown()
        with closing(sqlite3.connect(Path(folder, "aggregator.db"))) as conn:
            conn.execute("PRAGMA journal_mode = DELETE")
            conn.execute("VACUUM")
        file.write_bytes(lzma.compress(Path(folder, "aggregator.db").read_bytes()))


if __name__ == "__main__":
    freeze(Path(sys.argv[1]).absolute())
