"""What stands behind the sample feeds' links: article pages, front pages, and a foghorn to listen to. Pure.

Plain pages without scripts, so that a click in the demo leads somewhere with no network at all.
"""

import io
import math
import wave
from collections.abc import Iterable
from functools import cache
from html import escape

from aggregator.demo.documents import AUDIO_SECONDS, FORMATS, article_html
from aggregator.demo.papers import Paper, Printed

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 40rem; padding: 2rem 1.25rem 4rem;
  font: 1.125rem/1.65 Georgia, 'Noto Serif', serif;
  color: light-dark(#1d1b18, #e6e2da); background: light-dark(#fbf9f4, #171614); }
header { border-bottom: 3px double; margin-bottom: 2rem; padding-bottom: .5rem; font-variant: small-caps; }
h1 { line-height: 1.2; text-wrap: balance; } a { color: inherit; } small, time { opacity: .75; }
li { margin-bottom: .75rem; } blockquote { border-left: 3px solid; margin-inline: 0; padding-left: 1rem; }
footer { margin-top: 3rem; font-size: .875rem; opacity: .75; }
"""
_SAMPLE_RATE = 8000


def article_page(paper: Paper, one: Printed) -> str:
    """The article as a page of its paper."""
    piece = one.piece
    when = f'<time datetime="{one.published_at.isoformat()}">{one.published_at:%d %B %Y, %H:%M} UTC</time>'
    by = f"{escape(piece.by)} · " if piece.by else ""
    audio = f'<p><audio controls src="{escape(piece.slug)}.wav"></audio></p>' if piece.audio else ""
    body = f"<article><h1>{escape(one.title)}</h1><p>{by}{when}</p>{audio}{article_html(piece)}</article>"
    return _page(paper, one.title, body)


def paper_page(paper: Paper, items: Iterable[Printed]) -> str:
    """The paper's own front page: what it has published, with links."""
    listed = "".join(
        f'<li><a href="../{escape(one.piece.path)}">{escape(one.title)}</a><br>'
        f"<small>{escape(one.piece.lead)}</small></li>"
        for one in items
    )
    body = f"<h1>{escape(paper.title)}</h1><p>{escape(paper.tagline)}</p><ul>{listed}</ul>"
    return _page(paper, paper.title, body)


def stand_page(papers: Iterable[Paper]) -> str:
    """The news-stand: every paper with its feed."""
    listed = "".join(
        f'<li><a href="{paper.name}/" lang="{paper.language}">{escape(paper.title)}</a> – '
        f'<span lang="{paper.language}">{escape(paper.tagline)}</span> '
        f'<small><a href="{paper.name}/{paper.feed}">feed</a></small></li>'
        for paper in papers
    )
    return _document("en", "The news-stand", f"<h1>The news-stand</h1><ul>{listed}</ul>")


@cache
def foghorn() -> bytes:
    """A few seconds of foghorn as a WAV file, the voice of every sample podcast."""
    samples = bytes(_sample(at / _SAMPLE_RATE, AUDIO_SECONDS) for at in range(AUDIO_SECONDS * _SAMPLE_RATE))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(_SAMPLE_RATE)
        sound.writeframes(samples)
    return file.getvalue()


def _sample(at: float, length: float) -> int:
    """One byte of sound, `at` seconds into it: two low tones that swell and fade."""
    swell = math.sqrt(math.sin(math.pi * at / length))
    tone = math.sin(2 * math.pi * 110 * at) + 0.5 * math.sin(2 * math.pi * 165 * at)
    return 128 + round(60 * swell * tone)


def _page(paper: Paper, title: str, body: str) -> str:
    header = f'<header><a href="./">{escape(paper.title)}</a></header>'
    footer = "<footer>Invented news from an invented place, for the demo.</footer>"
    return _document(paper.language, title, f"{header}<main>{body}</main>{footer}", head=_feed_link(paper))


def _feed_link(paper: Paper) -> str:
    """Where programs find the feed of a page's paper."""
    media_type, address = FORMATS[paper.format][0], f"/{paper.name}/{paper.feed}"
    return f'<link rel="alternate" type="{media_type}" title="{escape(paper.title)}" href="{address}">'


def _document(language: str, title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
