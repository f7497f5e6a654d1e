"""Which parameters of an address choose what is shown, and which only tell where the reader came from. Pure.

A table of our own, written down in November 2026 from what the vendors document (Google, Meta, Microsoft,
Yandex, Matomo, AT Internet, Adobe, HubSpot, Mailchimp and their like) and from the links of real feeds. No
published list fits: those made for browsers (ClearURLs, AdGuard) take a broken page for a smaller evil than a
tracker, while here a parameter that is dropped by mistake makes two articles one; nor may a key change
because a dependency was renewed.

To drop one more: what means the same everywhere into `NAMES`, what a site means by it into `SITES`, what only
its value tells into `ORIGINS`; and a row in tests/core/test_tracking.py. Keys that are stored keep their old
form: a migration gives the entries of the last weeks the new one, as m0010_link_keys does.
"""

import re
from collections.abc import Iterable

Parameter = tuple[str, str]


def _listed(*names: str) -> frozenset[str]:
    """The names in these lines of names."""
    return frozenset(name for line in names for name in line.split())


NAMES = _listed(
    # Clicks on advertisements and in social networks
    "fbclid fbadid fb_action_ids fb_action_types fb_ref fb_source gclid gclsrc gad_source gad_campaignid",
    "dclid gbraid wbraid srsltid msclkid yclid ysclid _openstat twclid ttclid tblci dicbo li_fat_id igshid",
    "igsh epik rdt_cid share_id sharedfrom sr_share soc_src soc_trk __twitter_impression echobox ref_src",
    "ref_url rb_clickid s_kwcid guccounter guce_referrer guce_referrer_sig _branch_match_id",
    # Newsletters
    "mc_cid mc_eid mkt_tok _hsenc _hsmi vero_id vero_conv oly_anon_id oly_enc_id ml_subscriber",
    "ml_subscriber_hash ck_subscriber_id _bhlid _ke _kx _bta_tid bsft_eid bsft_clkid emci emdi ceid cndid",
    "mbid",
    # Measuring of audiences, in all its spellings
    "_ga _gl cmp cmpid s_cid icid ito ncid ocid smid smtyp spm taid trk trkcampaign traffic_source xtor",
    "wt_mc wt_zmc wt.mc_id wt.mc_ev wt.zmc wt_mc_id sc_campaign sc_channel sc_src wpisrc wprss fsrc ftcamp",
    "__source sara_ref sara_ecid",
    # Sessions, and what the AMP cache adds
    "phpsessid jsessionid amp_js_v amp_gsa usqp",
)
FAMILIES = re.compile(
    r"(?:utm|mtm|hsa|at|stm|itm)_"
    r"|(?:pk|piwik|matomo)_(?:campaign|cid|content|group|keyword|kwd|medium|placement|source)$"
    r"|ns_(?:campaign|fee|linkname|mchannel|source)$"
)
"""Names that begin so: these prefixes belong to one vendor each."""

SITES = {
    "barrons.com": _listed("mod siteid"),
    "bloomberg.com": _listed("leadsource sref srnd"),
    "cnn.com": _listed("eref hpt iid iref"),
    "defenseone.com": _listed("oref"),
    "forbes.com": _listed("sh ss"),
    "ft.com": _listed("segmentid sharetype"),
    "huffingtonpost.com": _listed("ir"),
    "huffpost.com": _listed("ir"),
    "instagram.com": _listed("taken-by"),
    "linkedin.com": _listed("rcm trackingid"),
    "marketwatch.com": _listed("link mod reflink siteid"),
    "nextgov.com": _listed("oref"),
    "nytimes.com": _listed(
        "_r campaign_id emc instance_id mwrsm nl partner regi_id segment_id te unlocked_article_code user_id"
    ),
    "pcmag.com": _listed("kc"),
    "reddit.com": _listed("context rdt sort"),
    "substack.com": _listed("isfreemail post_id publication_id r triedredirect"),
    "theatlantic.com": _listed("gift"),
    "upi.com": _listed("spt"),
    "washingtonpost.com": _listed("hpid itid tid wpmk"),
    "wsj.com": _listed("mod reflink siteid"),
    "x.com": _listed("s t"),
    "youtube.com": _listed("ab_channel feature pp si t"),
}
"""What a site (and its subdomains) means by names that choose the article elsewhere."""

ORIGINS = _listed("ref referer referrer source src from via origin partner mod mid cid link medium feed")
ORIGIN_VALUES = re.compile(
    r"|rss.*|atom|feeds?|feedburner|newsletter|email|homepage|twitter|facebook|linkedin|googlenews",
    re.IGNORECASE,
)
"""These name the article on some sites and the way to it on others; only the value tells."""

SHAPES = _listed("format output outputtype view")
"""These say how a page is drawn, of which only `amp` is known to draw the same."""

FLAGS = _listed("amp feed fromrss isrss rss")
FLAG_VALUES = frozenset(("", "1", "true", "yes"))
"""These say something only where their value is no more than a yes."""

_SITE_NAME = re.compile(r"[a-zA-Z][a-zA-Z._-]{2,}")  # `ref=pebbles` says who links; `ref=A-27` names a file
_HOST_NAME = re.compile(r"[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*\.[a-zA-Z]{2,}")
_TELLING = re.compile(
    r"[0-9]{4}|-[^/]*-"
)  # a date, a number, a headline: such a path names its page by itself
_SCRIPT = re.compile(r"\.(?:aspx?|cfm|cgi|dll|do|exe|jspa?|php\d?|phtml|pl)/?$|^/?$", re.IGNORECASE)


def meaning(host: str, path: str, query: Iterable[Parameter]) -> list[Parameter]:
    """The parameters that choose what is shown at this place.

    Where only the value gives a parameter away it stays if nothing else would name the article: a script
    shows another one for each value, and so may `view?ref=flood`. A name that begins with `amp;` was escaped
    twice by its feed.
    """
    own = SITES.get(host) or SITES.get(host.partition(".")[2]) or frozenset()
    plain = [(name.removeprefix("amp;"), value) for name, value in query]
    left = [one for one in plain if not (_is_tracking(one[0].lower()) or one[0].lower() in own)]
    sure = [one for one in left if not _is_origin(one[0].lower(), one[1])]
    if sure:
        return sure
    if _SCRIPT.search(path):
        return left
    if len(left) < len(plain) or _TELLING.search(path):  # who tells how one came tells from where, too
        return []
    return [one for one in left if _may_name(one[0].lower(), one[1])]


def _is_tracking(name: str) -> bool:
    return name in NAMES or FAMILIES.match(name) is not None


def _is_origin(name: str, value: str) -> bool:
    if name in FLAGS and value.lower() in FLAG_VALUES:
        return True
    if name in SHAPES:
        return value.lower() == "amp"
    if name in ORIGINS and ORIGIN_VALUES.fullmatch(value):
        return True
    return name == "ref" and _SITE_NAME.fullmatch(value) is not None


def _may_name(name: str, value: str) -> bool:
    """Whether this gives itself away by nothing but being one word, which a headline may be, too."""
    return name == "ref" and not (ORIGIN_VALUES.fullmatch(value) or _HOST_NAME.fullmatch(value))
