"""A process that fetches and says how much memory that took: what each URL brought, and the peak in MB.

Run as `python -m tests.fetch.eater URL…`; the first URL only warms up.
"""

import asyncio
import sys
from pathlib import Path

from tests.fetch.asking import got


def peak_mb() -> float:
    """The most memory that this process ever held (proc_pid_status(5), VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def eat(warm_up: str, *urls: str) -> None:
    await got(warm_up)
    before = peak_mb()
    for url in urls:
        answer = await got(url)
        sys.stdout.write(f"{answer.error}\n")
    sys.stdout.write(f"{peak_mb() - before:.0f}\n")


if __name__ == "__main__":
    asyncio.run(eat(*sys.argv[1:]))
