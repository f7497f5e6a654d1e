"""How well stories and events are recognised, measured on the product's own decisions; see `__main__`."""
