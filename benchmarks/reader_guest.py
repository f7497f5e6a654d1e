"""lemon24/reader behind a pipe: one JSON line in, one out. benchmarks/politeness.py starts it.

Needs nothing of aggregator. A forced visit is `update_feeds(scheduled=False)`, any other is the default
`update_feeds()`, which polls what reader thinks is due. Its clock is set the way its own tests do it, a
feed's headers go in by its request hooks, and it gets the time limit of every guest; all else is as it comes.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import reader

TIMEOUT_SECONDS = 2.0
DATABASE = "reader.sqlite"


class Guest:
    """The commands of the pipe; each gives what is sent back."""

    def open(self, folder: str) -> dict[str, Any]:
        """A new reader in this folder."""
        self._database = str(Path(folder) / DATABASE)
        self._headers: dict[str, Mapping[str, str]] = {}
        self._begin()
        return {"version": reader.__version__}

    def _begin(self) -> None:
        self._reader = reader.make_reader(self._database, session_timeout=(TIMEOUT_SECONDS, TIMEOUT_SECONDS))
        self._reader._parser.lazy_init(self._add_hook)

    def _add_hook(self, parser: Any) -> None:
        parser.get_retriever("http://").request_hooks.append(self._with_headers)

    def _with_headers(self, _session: Any, request: Any, **_: Any) -> Any:
        request.headers.update(self._headers.get(request.url, {}))
        return request

    def subscribe(self, urls: Sequence[str], headers: Mapping[str, str]) -> dict[str, Any]:
        """Take these feeds up."""
        for url in urls:
            self._headers[url] = headers
            self._reader.add_feed(url)
        return {}

    def visit(self, now: str, forced: bool) -> dict[str, Any]:
        """Poll all, or what is due."""
        moment = datetime.fromisoformat(now)
        self._reader._now = lambda: moment
        self._reader.update_feeds(scheduled=not forced)
        return {}

    def restart(self) -> dict[str, Any]:
        """End and begin again."""
        self._reader.close()
        self._begin()
        return {}

    def found(self) -> dict[str, Any]:
        """Titles and last exceptions."""
        titles = [entry.title or "" for entry in self._reader.get_entries()]
        ill = [feed for feed in self._reader.get_feeds() if feed.last_exception]
        return {"titles": titles, "problems": {feed.url: feed.last_exception.value_str for feed in ill}}

    def close(self) -> dict[str, Any]:
        """End."""
        self._reader.close()
        return {}


def main() -> None:
    guest, out = Guest(), sys.stdout
    sys.stdout = sys.stderr  # whatever the library prints must not get between the answers
    for line in sys.stdin:
        command, arguments = json.loads(line)
        try:
            answer = getattr(guest, command)(**arguments)
        except Exception as error:  # told to the judge: a crash is a fault like any other
            answer = {"crashed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
