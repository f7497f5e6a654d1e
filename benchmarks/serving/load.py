"""The load: wrk with one thread on a core of its own, and a look at what comes back before it begins."""

import http.client
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.serving.contenders import Contender
from benchmarks.watch import cpu_seconds

WRK = shutil.which("wrk") or sys.exit("needs wrk (Debian: apt install wrk)")


@dataclass(frozen=True, slots=True)
class Question:
    """A request that is asked again and again, and how many bytes its answer's body has."""

    url: str
    headers: dict[str, str]
    bytes: int

    @classmethod
    def checked(cls, url: str, headers: dict[str, str], status: int) -> "Question":
        """The same, when it is answered as it should be."""
        answer, body = _asked(url, headers)
        if answer.status != status:
            sys.exit(f"{url} answers {answer.status} to {headers}, where {status} is measured")
        return cls(url, headers, len(body))


@dataclass(frozen=True, slots=True)
class Load:
    """What a server did in a stretch of load. `cpu` is microseconds for a request."""

    per_second: float
    cpu: float


def validators(url: str, headers: dict[str, str]) -> dict[str, str]:
    """What a client that has the present version says when it asks again."""
    answer, _ = _asked(url, headers)
    return {
        "If-None-Match": answer.headers["ETag"],
        "If-Modified-Since": answer.headers["Last-Modified"],
    }


def loaded(question: Question, server: Contender, connections: int, seconds: float, core: int) -> Load:
    """The server under this load, over kept connections."""
    said = [part for name, value in question.headers.items() for part in ("-H", f"{name}: {value}")]
    pinned = ("taskset", "-c", str(core), WRK, "-t1", f"-c{connections}", f"-d{seconds:g}s")
    before = cpu_seconds(server.pid)
    told = subprocess.run([*pinned, *said, question.url], check=True, capture_output=True, text=True).stdout
    cpu = cpu_seconds(server.pid) - before
    if "Socket errors" in told or "Non-2xx" in told:
        sys.exit(f"{server.name}: {told}")
    requests, rate = _number(r"(\d+) requests in", told), _number(r"Requests/sec:\s+([\d.]+)", told)
    return Load(rate, cpu / requests * 1e6)


def _number(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else sys.exit(f"wrk said something else: {text}")


def _asked(url: str, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body
