"""The demo: a dozen invented papers, the local site that serves them, and the config that polls them.

Everything works with no network. Used by the `demo` command and by tests; nothing else knows of it.
"""

from importlib.resources import files

from aggregator.demo.site import DemoSite

__all__ = ["DemoSite", "config_text"]

PLACEHOLDER = "${DEMO_SITE}"


def config_text(base_url: str) -> str:
    """The demo's config (defaults/demo.yaml), polling the site at this address."""
    shipped = files("aggregator") / "defaults" / "demo.yaml"
    return shipped.read_text("utf-8").replace(PLACEHOLDER, base_url.removesuffix("/"))
