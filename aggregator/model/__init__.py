"""The nouns: what the parts hand to one another. Frozen values, no behaviour beyond reading themselves.

The words are those of docs/architecture.md (feed, entry, story, event, tag, output, poll, validators, lead).
Nothing here knows a library or does I/O, but for Body, which is read. All times are aware `datetime`s in UTC.

words, body, wire, stored, subscription, decided and published hold them in the order of an entry's life;
import them from here.

To add a noun: a frozen dataclass with slots, keyword-only when it has more than three fields.
"""

from aggregator.model.body import Body
from aggregator.model.decided import (
    Candidate,
    Changes,
    ChromeMemory,
    Considered,
    Fingerprint,
    Known,
    Overrule,
    Sighting,
    Tombstone,
)
from aggregator.model.figures import Beat, Counts, Day, FeedFigures, FeedShare, Standing, TagFigures
from aggregator.model.problems import Finding, Problem
from aggregator.model.published import (
    AlsoIn,
    Digest,
    Document,
    Health,
    Item,
    Rendered,
    Snapshot,
)
from aggregator.model.stored import (
    ChromeBlock,
    Entry,
    Event,
    Feed,
    Poll,
    Story,
    Tag,
    Wait,
)
from aggregator.model.subscription import Subscription
from aggregator.model.wire import (
    Answer,
    Article,
    Enclosure,
    Hints,
    ParsedEntry,
    ParsedFeed,
    Request,
    Validators,
)
from aggregator.model.words import (
    DedupLevel,
    Edition,
    FeedState,
    Group,
    LogFormat,
    LoginFor,
    LogLevel,
    MatchedBy,
    Order,
    Origin,
    Outcome,
    ProblemKind,
    SubscriptionState,
)

__all__ = [
    "AlsoIn",
    "Answer",
    "Article",
    "Beat",
    "Body",
    "Candidate",
    "Changes",
    "ChromeBlock",
    "ChromeMemory",
    "Considered",
    "Counts",
    "Day",
    "DedupLevel",
    "Digest",
    "Document",
    "Edition",
    "Enclosure",
    "Entry",
    "Event",
    "Feed",
    "FeedFigures",
    "FeedShare",
    "FeedState",
    "Finding",
    "Fingerprint",
    "Group",
    "Health",
    "Hints",
    "Item",
    "Known",
    "LogFormat",
    "LogLevel",
    "LoginFor",
    "MatchedBy",
    "Order",
    "Origin",
    "Outcome",
    "Overrule",
    "ParsedEntry",
    "ParsedFeed",
    "Poll",
    "Problem",
    "ProblemKind",
    "Rendered",
    "Request",
    "Sighting",
    "Snapshot",
    "Standing",
    "Story",
    "Subscription",
    "SubscriptionState",
    "Tag",
    "TagFigures",
    "Tombstone",
    "Validators",
    "Wait",
]
