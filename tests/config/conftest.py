"""Configs as real files: what they load as, and the faults that they have."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from aggregator.config import Loaded, load
from aggregator.errors import ConfigError

Load = Callable[..., Loaded]
Faults = Callable[..., list[str]]

ONE_FEED = "feeds: [https://example.org/feed.xml]\n"


@pytest.fixture
def loaded(tmp_path: Path) -> Load:
    """Writes a config and loads it."""

    def read(text: str | bytes, environ: Mapping[str, str] | None = None) -> Loaded:
        path = tmp_path / "aggregator.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return load(path, environ or {})

    return read


@pytest.fixture
def faults_of(tmp_path: Path, loaded: Load) -> Faults:
    """Writes a config and gives its faults as they are printed, without the name of the folder."""

    def lines(text: str | bytes, environ: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            loaded(text, environ)
        return str(caught.value).replace(f"{tmp_path}/", "").splitlines()

    return lines
