"""aggregator: polls news feeds, recognises the same story wherever it is told, publishes combined feeds."""

__version__ = "0.1.0"
