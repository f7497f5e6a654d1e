"""The website: published outputs straight from memory, pages about them, and the server in the daemon's loop.

Only this package knows starlette, uvicorn and jinja2. It reads what `Site` tells it and changes nothing.
"""

from aggregator.web.app import create_app
from aggregator.web.live import Live
from aggregator.web.serve import Server
from aggregator.web.site import Site

__all__ = ["Live", "Server", "Site", "create_app"]
