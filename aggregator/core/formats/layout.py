"""The look that all pages share: one style sheet, one frame, one small script. Nothing from elsewhere.

Style sheet and script stand in the page itself, so a page saved as a file, or served by any static host, is
the same; the web server allows exactly these texts by their hashes. Nothing needs the script.
"""

from collections.abc import Iterator

from aggregator.core.formats.markup import escaped

STYLE = """
:root { color-scheme: light dark; --paper: light-dark(#faf8f5, #17181a); --card: light-dark(#ffffff, #202226);
  --ink: light-dark(#1f2023, #e9e7e3); --muted: light-dark(#62646b, #a3a5ac);
  --line: light-dark(#e4dfd8, #34373d);
  --accent: light-dark(#9a3412, #fdba74); --warn: light-dark(#c77700, #ffb74d); }
* { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { margin: 0; background: var(--paper); color: var(--ink); }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .125rem; }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.75rem, 5vw, 2.5rem); letter-spacing: -.02em; margin: 0; }
.frame { max-width: 70rem; margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 2.5rem) 4rem; }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .25rem 1rem;
  margin-bottom: 2.5rem; }
.bar a { color: inherit; text-decoration: none; font-weight: 600; }
.bar span { display: flex; gap: clamp(.75rem, 3vw, 1.25rem); }
.bar a { padding: .25rem 0; }
.bar a:hover, .bar [aria-current] { color: var(--accent); }
.bar [aria-current] { text-decoration: underline 2px; text-underline-offset: .4em; }
.bar .brand { display: inline-flex; align-items: center; gap: .5rem; letter-spacing: -.01em; }
.brand svg { width: 1.375rem; height: 1.375rem; flex: none; }
.brand rect { fill: var(--accent); }
.brand g { stroke: var(--paper); }
.brand circle { fill: var(--paper); }
.skip { position: absolute; inset-inline-start: -100rem; }
.skip:focus { inset-inline-start: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem; }
.out > p { color: var(--muted); font-size: 1.125rem; margin: .25rem 0 0; }
.out ul { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: 1rem 0 0; padding: 0; }
.out ul a { display: block; padding: .25rem .875rem; border: 1px solid var(--accent); border-radius: 2rem;
  text-decoration: none; font-size: .875rem; font-weight: 600; }
.out ul a:hover { background: var(--accent); color: var(--card); }
.items { list-style: none; margin: 2rem 0 0; padding: 0; max-width: 48rem; }
.items > li { padding: 1.25rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.items > li, h1, h3 { overflow: clip; overflow-clip-margin: .5rem; }
time { white-space: nowrap; }
.items h2 { font-size: 1.25rem; margin: 0; }
.items h2 a { color: inherit; text-decoration: none; }
.items h2 a:hover { color: var(--accent); text-decoration: underline; }
.items h2 a:visited { color: var(--muted); }
.items p { margin: .375rem 0 0; }
.items .by, .items .also, .items .files, .foot { color: var(--muted); font-size: .875rem; }
.items .whole h3 { font-size: 1rem; margin: 1rem 0 0; }
.items .whole ul { margin: .25rem 0 0; padding-inline-start: 1.25rem; }
.items .by time { margin-inline-end: .375rem; }
.items .tags { display: inline-block; }
.items .tags > * { display: inline-block; margin-inline-end: .5rem; font-size: .8125rem; font-weight: 600; }
.items .judged { color: inherit; font-size: .8125rem; white-space: nowrap; }
.items ul.also { margin: 0; list-style: none; }
.items .also { padding-inline-start: .75rem; border-inline-start: 3px solid var(--accent); }
@media (max-width: 30rem) { .bar span { font-size: .875rem; } }
@media print { :root { color-scheme: light; --paper: #fff; } .bar, .skip, .out ul, .judged { display: none; }
  a { color: inherit; } .items > li { break-inside: avoid; } }
"""

# Times are told in UTC, as only a browser knows where it is; what another script brings is seen to, too.
SCRIPT = """
if (Intl.DateTimeFormat().resolvedOptions().timeZone !== "UTC") {
  const shape = { day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const here = () => {
    for (const one of document.querySelectorAll("time:not([data-utc])")) {
      const said = one.dataset.utc = one.title || one.textContent;
      if (!said.endsWith(" UTC")) continue;
      const local = new Date(one.dateTime).toLocaleString("en-GB", shape);
      if (one.title) one.title = local;
      else [one.title, one.textContent] = [said, local];
    }
  };
  here();
  new MutationObserver(here).observe(document.body, { childList: true, subtree: true });
}
"""
"""shows times in the zone of who reads"""

_DRAWN = (
    '<rect width="32" height="32" rx="7" fill="#9a3412"/>'
    '<g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round">'
    '<path d="M6 8c7 0 8 8 13 8M6 24c7 0 8-8 13-8M6 16h20"/></g>'
    '<circle cx="26" cy="16" r="2.5" fill="#fff"/></svg>'
)
ICON = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{_DRAWN}\n'
"""many feeds flow into one line"""

_BRAND = f'<svg viewBox="0 0 32 32" aria-hidden="true">{_DRAWN}aggregator'
WAYS = {"search": "Search", "feeds": "Sources", "stats": "Stats"}
"""the pages that every page leads to: address and name"""


def page(
    title: str, body: str, *, head: str = "", root: str = "./", here: str = "", served: bool = True
) -> str:
    """A whole page around this markup. `root` leads to the front page, relative; `here` is its own address.

    A page that is not `served` by us lies in a folder, and leads to nothing but the files there.
    """
    icon, front = ("favicon.ico", "") if served else ("icon.svg", "index.html")
    ways = f"<span>{' '.join(_ways(root, here))}</span>" if served else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n"
        f'<link rel="icon" type="image/svg+xml" href="{root}{icon}">\n'
        f"<style>{STYLE}</style>\n{head}\n</head>\n<body>\n"
        '<div class="frame">\n<a class="skip" href="#main">To the content</a>\n'
        f'<nav class="bar" aria-label="Site"><a class="brand" href="{root}{front}">{_BRAND}</a>{ways}</nav>\n'
        f'<main id="main">\n{body}\n</main>\n</div>\n'
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _ways(root: str, here: str) -> Iterator[str]:
    for address, name in WAYS.items():
        current = ' aria-current="page"' if address == here else ""
        yield f'<a href="{root}{address}"{current}>{name}</a>'
