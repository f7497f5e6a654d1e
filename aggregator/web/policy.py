"""What a browser may do with our pages: run and load nothing but what we name.

Goes with every answer, also of what is no page: an address may be opened by hand.
"""

import base64
import hashlib

from aggregator.core.formats.layout import SCRIPT, STYLE
from aggregator.web.pages import OWN_STYLE


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


SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": content_security_policy(STYLE, OWN_STYLE),
}

SCRIPTED = SECURITY | {"Content-Security-Policy": content_security_policy(STYLE, OWN_STYLE, scripts=True)}
"""for pages with a script of their own"""
