"""What the dashboard in docs/ asks for."""

import json
import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
DASHBOARD: dict[str, Any] = json.loads((DOCS / "grafana-dashboard.json").read_text(encoding="utf-8"))


def queried(dashboard: dict[str, Any]) -> set[str]:
    """The metrics that the panels ask for."""
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    return {name for one in expressions for name in re.findall(r"\b(?:aggregator|process)_\w+", one)}
