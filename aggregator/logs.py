"""What the program says while it runs: one line an event, as `key=value` for people and as JSON for programs.

The standard library's logging carries it; here it is only given its form. No line holds a secret: whatever
is written passes `without_secrets` last. Says nothing itself.

To say something: `log.info(line("published", files=3))`, the event in few fixed words, all else as fields.
"""

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from aggregator.core.secrets import without_secrets
from aggregator.core.settings import LogSettings
from aggregator.core.times import to_text
from aggregator.model import LogFormat

OURS = "aggregator"
CHATTY = ("apscheduler", "httpx", "uvicorn")  # a duty that takes longer than its tick is no news
PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.NOTSET, 7))
"""of syslog(3), from which level on"""
_BARE = re.compile(r"[^\s'\"]+")


@dataclass(frozen=True, slots=True)
class Line:
    """An event and its fields. As text it is `event key=value …`, in the order in which they were said."""

    event: str
    fields: Mapping[str, object]

    def __str__(self) -> str:
        return " ".join([self.event, *(f"{name}={_shown(value)}" for name, value in self.fields.items())])


def line(event: str, /, **fields: object) -> Line:
    """A line about an event, for a logger; fields that are None are left out."""
    return Line(event, {name: value for name, value in fields.items() if value is not None})


def _plain(value: object) -> str | int | float:
    """A field as JSON has it: numbers stay, times are those of the store, all else is text."""
    if isinstance(value, datetime):
        return to_text(value)
    return value if isinstance(value, int | float) else str(value)


def _shown(value: object) -> str:
    """Bare where it is one word, else in quotes and with escapes, so that a line stays a line."""
    text = str(_plain(value))
    return text if _BARE.fullmatch(text) and text.isprintable() else repr(text)


class TextFormatter(logging.Formatter):
    """For people: time, level and the line; a traceback follows on lines of its own."""

    def __init__(self, form: str = "%(asctime)s %(levelname)s %(message)s") -> None:
        super().__init__(form)

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        return without_secrets(super().format(record))


class JournalFormatter(TextFormatter):
    """For systemd's journal, which keeps the time and wants the priority before each line (sd-daemon(3))."""

    def __init__(self) -> None:
        super().__init__("%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as text, so that `journalctl -p warning` shows what a person should act upon."""
        priority = next(found for level, found in PRIORITIES if record.levelno >= level)
        return "\n".join(f"<{priority}>{one}" for one in super().format(record).splitlines())


class JsonFormatter(logging.Formatter):
    """For programs: an object a line with `at`, `level`, `event` and the fields; RFC 8259, in UTF-8."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        said: dict[str, object] = {
            "at": to_text(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
        }
        if isinstance(record.msg, Line):
            said |= {"event": record.msg.event}
            said |= {name: _plain(value) for name, value in record.msg.fields.items() if name not in said}
        else:
            said |= {"event": record.getMessage(), "logger": record.name}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        clean = {
            name: without_secrets(text) if isinstance(text, str) else text for name, text in said.items()
        }
        return json.dumps(clean, ensure_ascii=False)


class Handler(logging.StreamHandler[TextIO]):
    """Writes to what stderr is at that moment."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's line."""
        self.stream = sys.stderr
        super().emit(record)


def begin(wanted: str | None = None) -> None:
    """Have lines written, in the form that the environment `wanted`, until a config says more."""
    known = LogFormat(wanted) if wanted in set(LogFormat) else LogFormat.AUTO
    handler = Handler()
    handler.setFormatter(_formatter(known))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel(logging.ERROR)


def put_in_force(settings: LogSettings) -> None:
    """Write as this config says, from now on."""
    logging.getLogger(OURS).setLevel(settings.level.upper())
    for handler in logging.getLogger().handlers:
        if isinstance(handler, Handler):
            handler.setFormatter(_formatter(settings.format))


def _formatter(wanted: LogFormat) -> logging.Formatter:
    if wanted is LogFormat.AUTO and _is_journal():
        return JournalFormatter()
    as_text = wanted is LogFormat.TEXT or (wanted is LogFormat.AUTO and sys.stderr.isatty())
    return TextFormatter() if as_text else JsonFormatter()


def _is_journal() -> bool:
    """Whether stderr leads to systemd's journal, which names it by device and inode (systemd.exec(5))."""
    named = os.environ.get("JOURNAL_STREAM")
    if not named:
        return False
    with suppress(OSError):  # what stands for stderr may be no file at all
        found = os.fstat(sys.stderr.fileno())
        return named == f"{found.st_dev}:{found.st_ino}"
    return False
