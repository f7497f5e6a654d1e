"""OPML lists that live at a URL: fetched now and then, the last good copy kept for when they are away.

The owner of such a list may be a stranger, so one line of nonsense costs that line only and is logged.
"""

import asyncio
import hashlib
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.config import Loaded, read_opml, with_feeds
from aggregator.core import urls
from aggregator.core.settings import FeedSettings, Settings
from aggregator.errors import ConfigError
from aggregator.fetch import Fetcher
from aggregator.files import clear_drafts, replace_whole
from aggregator.logs import line
from aggregator.model import Request, Validators

log = logging.getLogger("aggregator")

LOOK_EVERY = timedelta(hours=1)
COPY_STAYS = "its last copy stays"


@dataclass(slots=True)
class RemoteLists:
    """The lists that a config names by URL. `folder` holds a copy of each as it last came."""

    folder: Path
    _validators: dict[str, Validators] = field(default_factory=dict)
    _looked_at: dict[str, datetime] = field(default_factory=dict)
    """when each list that the config names was last asked for"""

    async def extend(self, loaded: Loaded, fetcher: Fetcher, *, now: datetime) -> Settings:
        """The settings with the feeds of the remote lists behind their own; an absent one keeps its copy."""
        before = self._looked_at
        self._looked_at = {url: before[url] for url in loaded.remote_opml if url in before}
        due = [url for url in loaded.remote_opml if url not in before or now - before[url] >= LOOK_EVERY]
        self._looked_at |= dict.fromkeys(due, now)
        await asyncio.gather(*(self._fetch(url, fetcher) for url in due))
        return await asyncio.to_thread(self.known, loaded)

    def known(self, loaded: Loaded) -> Settings:
        """The same, as far as the lists came before; nothing is asked for."""
        listed = (feed for url in loaded.remote_opml for feed in self.stored(url))
        return with_feeds(loaded.settings, listed)

    def due(self, now: datetime) -> bool:
        """Whether a list of the config was looked at so long ago that it should be again."""
        return any(now - moment >= LOOK_EVERY for moment in self._looked_at.values())

    async def _fetch(self, url: str, fetcher: Fetcher) -> None:
        request = Request(url=url, validators=self._validators.get(url, Validators()), validators_url=url)
        with await fetcher.get(request) as answer:
            if answer.body is None:
                if answer.error:
                    log.warning(line("list", url=_shown(url), error=answer.error, so=COPY_STAYS))
                return
            body = answer.body.read()
        try:
            _, faults = await asyncio.to_thread(read_opml, body, _shown(url))
            self._keep(url, body)
        except ConfigError as error:
            log.warning(line("list", url=_shown(url), error=error, so=COPY_STAYS))
            return
        except OSError as error:
            log.warning(line("list cannot be kept", url=_shown(url), error=error, so=COPY_STAYS))
            return
        for fault in faults:
            log.warning(line("list", url=_shown(url), error=fault, so="its other feeds are taken"))
        self._validators[url] = answer.validators

    def _keep(self, url: str, body: bytes) -> None:
        """Whole or not at all: a copy that was cut short would be a shorter list."""
        self.folder.mkdir(parents=True, exist_ok=True)
        clear_drafts(self.folder)
        replace_whole(self._copy_of(url), body)

    def stored(self, url: str) -> tuple[FeedSettings, ...]:
        """The feeds of this list as it last came."""
        copy = self._copy_of(url)
        try:
            return read_opml(copy.read_bytes(), _shown(url))[0] if copy.exists() else ()
        except ConfigError as error:
            log.warning(line("list copy is damaged", url=_shown(url), error=error, so="it is fetched anew"))
            return ()

    def _copy_of(self, url: str) -> Path:
        return self.folder / f"{hashlib.blake2b(url.encode(), digest_size=12).hexdigest()}.opml"


def _shown(url: str) -> str:
    return urls.login_apart(url)[0]
