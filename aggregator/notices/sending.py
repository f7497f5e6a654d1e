"""The near side of that process: starts it, hands it a task, and waits no longer than it may.

Whatever goes wrong there is a reason in words for people, never an exception; only who cancels is obeyed.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import aggregator
from aggregator.core.notices import Notice

PATIENCE = timedelta(seconds=45)  # for one address, the start of the process included
NO_EXTRA = "needs the extra `notices`: pip install 'aggregator[notices]', or take notify out"
_COMMAND = (sys.executable, "-P", "-m", "aggregator.notices.process")


async def send(
    addresses: Sequence[str], notice: Notice, *, patience: timedelta = PATIENCE
) -> tuple[str | None, ...]:
    """Send it to all of these at once; for each the reason why it was not taken, None where it was."""
    if not find_spec("apprise"):
        return (NO_EXTRA,) * len(addresses)
    return tuple(await asyncio.gather(*(_sent(one, notice, patience) for one in addresses)))


async def _sent(address: str, notice: Notice, patience: timedelta) -> str | None:
    task = {"addresses": [address], "title": notice.title, "body": notice.body}
    try:
        process = await _started()
    except OSError as error:
        return f"no process can be started for it: {error.strerror}"
    try:
        async with asyncio.timeout(patience.total_seconds()):
            said, _ = await process.communicate(json.dumps(task).encode())
        return _answers(said, 1)[0]
    except TimeoutError:
        return f"it took longer than {patience.total_seconds():g} s"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _started() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *_COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environ(),
        start_new_session=True,  # Ctrl-C at a terminal is for us
    )


def judged(addresses: Sequence[str], *, patience: timedelta = PATIENCE) -> tuple[str | None, ...]:
    """What is wrong with each of these, None where nothing is, or where that took too long to say."""
    if not addresses:
        return ()
    if not find_spec("apprise"):
        return (NO_EXTRA,) * len(addresses)
    try:
        done = subprocess.run(  # noqa: S603 — our own program, and nothing of the config among its arguments
            _COMMAND,
            input=json.dumps({"addresses": list(addresses)}).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environ(),
            timeout=patience.total_seconds(),
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        return (None,) * len(addresses)
    return _answers(done.stdout, len(addresses))


def _answers(said: bytes, number: int) -> tuple[str | None, ...]:
    try:
        return tuple(json.loads(said))
    except ValueError:
        return ("apprise broke off",) * number


def _environ() -> dict[str, str]:
    """What the process needs to find this very package, installed or not."""
    own = str(Path(aggregator.__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [own, os.environ.get("PYTHONPATH")]))}
