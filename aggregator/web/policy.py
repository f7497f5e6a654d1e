"""What a browser may do with our answers: run and load nothing but what we name, and show them nowhere else.

Goes with every answer, also of what is no page: an address may be opened by hand. The lists are those of the
HTTP Observatory (developer.mozilla.org/en-US/observatory) and of OWASP's Secure Headers project
(owasp.org/www-project-secure-headers). What is missing of them is missing on purpose:

- Strict-Transport-Security binds a whole host, with whatever else is there, for a year: it is for the proxy
  to say, which has the certificate. A browser ignores it without one (RFC 6797 §8.1).
- Access-Control-Allow-Origin would let every website that somebody visits read the feeds of a service at
  home, which has no login because nobody outside reaches it. Readers that are programs never ask for it.
- X-Frame-Options says less than frame-ancestors, and Cross-Origin-Embedder-Policy is for pages that embed.
"""

import base64
import hashlib
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from aggregator.core.formats.layout import SCRIPT, STYLE
from aggregator.web.pages import OWN_STYLE

HTML = "text/html"


def content_security_policy(*styles: str, scripts: bool = False) -> str:
    """Nothing may load or run but these very style sheets, our script and our icon (CSP Level 3 §6.7.3).

    With `scripts` also a script that is a file of ours, which may ask us and nobody else.
    """
    hashes = " ".join(f"'sha256-{_digest(style)}'" for style in styles)
    own = " 'self'; connect-src 'self'" if scripts else ""
    return (
        f"default-src 'none'; style-src {hashes}; img-src 'self'; "
        f"script-src 'sha256-{_digest(SCRIPT)}'{own}; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


DATA = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
}
"""for what a browser shows as text, or hands on"""

PAGE = DATA | {
    "Content-Security-Policy": content_security_policy(STYLE, OWN_STYLE),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Else a page tells the name server of every site that it links to, before anybody follows a link.
    "X-DNS-Prefetch-Control": "off",
}

SCRIPTED = PAGE | {"Content-Security-Policy": content_security_policy(STYLE, OWN_STYLE, scripts=True)}
"""for pages with a script of their own"""

SHOWN_ELSEWHERE = DATA | {"Cross-Origin-Resource-Policy": "cross-origin"}
"""for what other sites may show: a list of services, a reader on the web"""


def policy_for(content_type: str) -> Mapping[str, str]:
    """What goes with an answer of this type."""
    return PAGE if content_type.startswith(HTML) else DATA


def guarded(send: Send, *, locked: bool, secret: bool) -> Send:
    """The same way out for an answer, which leaves with its policy, if it has none of its own.

    Behind a login no cache that others ask may keep it (RFC 9111 §5.2.2.7; not all heed §3.5), and where the
    address is a secret no search engine.
    """

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in policy_for(headers.get("content-type", "")).items():
                headers.setdefault(name, value)
            if locked:
                headers["Cache-Control"] = _kept_private(headers.get("cache-control", ""))
            if secret:
                headers["X-Robots-Tag"] = "noindex"
        await send(message)

    return sent


def _kept_private(cache_control: str) -> str:
    if "private" in cache_control or "no-store" in cache_control:
        return cache_control
    return ", ".join(filter(None, ("private", cache_control)))
