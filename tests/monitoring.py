"""What docs/ says of metrics: the rows of the page, and what the dashboard asks for."""

import json
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "monitoring.md").read_text(encoding="utf-8")
DASHBOARD: dict[str, Any] = json.loads((DOCS / "grafana-dashboard.json").read_text(encoding="utf-8"))


def table_of_metrics() -> set[str]:
    """The names in the table of the page."""
    text = PAGE.partition("\n## Metrics\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(aggregator_\w+)", text, re.MULTILINE))


def queried(dashboard: dict[str, Any]) -> set[str]:
    """The metrics that the panels ask for."""
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return {name for one in expressions for name in re.findall(r"\b(?:aggregator|process)_\w+", one)}
