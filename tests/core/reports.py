"""Entries as one feed tells them, each of its own story."""

from typing import Any

from aggregator.model import ParsedEntry
from tests.builders import a_parsed_entry

LEAD = "Thousands were told to leave their homes on Tuesday after a dam gave way."


def said(number: int = 1, **changes: Any) -> ParsedEntry:
    """One of several different entries."""
    return a_parsed_entry(
        **{
            "guid": f"guid-{number}",
            "url": f"https://news.example.org/articles/{number}",
            "title": f"Report number {number} of the day",
            "summary": f"<p>Text {number}: {LEAD}</p>",
            **changes,
        }
    )
