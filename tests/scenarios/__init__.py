"""The judge of politeness: a scripted web server, and a sentence about what a feed client did wrong.

A scenario is a rule of docs/politeness.md as a little play: what the server answers, when the client is
visited, and a judge who reads every request that came. It knows nothing of the client, so the same plays
judge us (`test_politeness.py`) and others (`python -m benchmarks.politeness`).

To add one: a row in the module of its subject, and its rule's row in docs/politeness.md.
"""

from tests.scenarios.asking import ASKING
from tests.scenarios.bodies import BODIES
from tests.scenarios.pace import PACE
from tests.scenarios.redirects import REDIRECTS
from tests.scenarios.refusals import REFUSALS
from tests.scenarios.validators import VALIDATORS

SCENARIOS = (*VALIDATORS, *PACE, *REFUSALS, *REDIRECTS, *ASKING, *BODIES)

__all__ = ["SCENARIOS"]
