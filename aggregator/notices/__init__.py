"""Sends notices to people through apprise, in a process of its own that can be killed.

apprise knows some hundred services, each with its own ways of waiting; it is not loaded where feeds are
polled, costs memory only while there is something to send, and cannot take longer than it may. The addresses
hold passwords: they reach the process through its stdin, and what it says of them is cleaned.

What is sent, and when, is core/notices.py's and core/problems.py's business.
"""

from aggregator.notices.sending import judged, send
from aggregator.notices.shown import service_of

__all__ = ["judged", "send", "service_of"]
