"""What a supervisor like systemd hears of the daemon, and how it is ended before it is up."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.app.supervisor import Supervisor
from tests.app.alive import PATIENCE, free_port, running, write

RUN = [sys.executable, "-m", "aggregator", "--config", "a.yaml", "--data", "data", "run"]


@contextmanager
def an_ear(address: str) -> Iterator[socket.socket]:
    """What systemd listens with."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(address)
        ear.settimeout(PATIENCE)
        yield ear


def environ(**more: str) -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not key.startswith("AGGREGATOR_")} | more


def test_it_hears_when_the_daemon_serves_that_it_lives_and_that_it_stops(tmp_path: Path) -> None:
    port = free_port()
    write(tmp_path / "a.yaml", port)
    watched = environ(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="200000")

    with (
        an_ear(str(tmp_path / "notify")) as ear,
        subprocess.Popen(RUN, cwd=tmp_path, env=watched, stdout=subprocess.DEVNULL) as daemon,
    ):
        ready = ear.recv(1000)
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        alive = ear.recv(1000)
        daemon.send_signal(signal.SIGTERM)
        heard = {ear.recv(1000)}
        while b"STOPPING=1" not in heard:
            heard.add(ear.recv(1000))
        code = daemon.wait(PATIENCE)

    assert ready.decode() == f"READY=1\nSTATUS=serving on http://127.0.0.1:{port}/"
    assert alive == b"WATCHDOG=1"
    assert code == 0


async def test_it_hears_nothing_of_a_dispatcher_that_hangs(tmp_path: Path) -> None:
    with an_ear(f"\0aggregator-test-{os.getpid()}") as ear:
        async with running(tmp_path) as alive:
            alive.daemon.supervisor = Supervisor(f"@aggregator-test-{os.getpid()}")
            ear.setblocking(False)
            await alive.daemon.tick()
            await alive.daemon.reassure()
            lively = ear.recv(1000)
            assert alive.daemon._last_tick
            alive.daemon._last_tick -= timedelta(seconds=61)
            await alive.daemon.reassure()

            assert lively == b"WATCHDOG=1"
            with pytest.raises(BlockingIOError):
                ear.recv(1000)


@pytest.mark.parametrize(
    ("said", "pulse"),
    [
        ({"WATCHDOG_USEC": "30000000"}, timedelta(seconds=15)),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, timedelta(seconds=15)),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
    ids=["half of it", "for us", "for another process", "none", "no number", "silent"],
)
def test_how_often_it_wants_to_hear_is_in_the_environment(
    said: dict[str, str], pulse: timedelta | None
) -> None:
    assert Supervisor.of(said).pulse == pulse


def test_one_that_went_away_is_told_and_no_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Supervisor(str(tmp_path / "gone")).tell("READY=1")

    assert f"NOTIFY_SOCKET={tmp_path}/gone does not hear us" in caplog.text


def test_a_sigterm_before_the_daemon_is_up_is_no_signal_lost(tmp_path: Path) -> None:
    config = tmp_path / "a.yaml"
    os.mkfifo(config)

    with (
        subprocess.Popen(RUN, cwd=tmp_path, env=environ(), stderr=subprocess.PIPE, text=True) as daemon,
        config.open("w"),  # opens when the program has begun to read it
    ):
        daemon.send_signal(signal.SIGTERM)
        _, err = daemon.communicate(timeout=PATIENCE)

    # Handled, and not the kernel's default, which the first process of a container does not have.
    assert (daemon.returncode, err) == (128 + signal.SIGTERM, "")
