"""The demo: a dozen invented papers, the local site that serves them, and the config that polls them.

Everything works with no network. Used by the `demo` command and by tests; nothing else knows of it.
"""

from pathlib import Path

from aggregator.demo.site import DemoSite

__all__ = ["DemoSite", "config_text"]

PLACEHOLDER = "${DEMO_SITE}"


def config_text(base_url: str) -> str:
    """The demo's config (config/demo.yaml), polling the site at this address."""
    return _template().read_text("utf-8").replace(PLACEHOLDER, base_url.removesuffix("/"))


def _template() -> Path:
    """In a wheel the config lies inside the package, in the source tree beside it."""
    package = Path(__file__).parents[1]
    shipped = package / "config" / "shipped" / "demo.yaml"
    return shipped if shipped.exists() else package.parent / "config" / "demo.yaml"
