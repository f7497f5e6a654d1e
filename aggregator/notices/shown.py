"""What may be shown of the address of a service: how it begins, and nothing else."""

import re


def service_of(address: str) -> str:
    """The service by the scheme of its address, such as `ntfy`; the rest may be a secret."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*)://", address, re.IGNORECASE)
    return scheme[1].lower() if scheme else "?"


def cleaned(reason: str, address: str) -> str:
    """What a library said of a failure, on one line, without any part of the address but its scheme."""
    scheme = service_of(address)
    parts = sorted(set(re.split(r"[^\w.-]+", address)) - {scheme}, key=len, reverse=True)
    for part in parts:
        if len(part) > 2:
            reason = reason.replace(part, "…")
    return " ".join(reason.split())[:200]
