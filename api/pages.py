"""The few pages the API itself shows, in Vietnamese with English beside; no script, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import Final

from litestar import Response

from api.resource import plain

STYLE_PATH: Final = "/style.css"

_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d1a16; --paper: #faf7f0; --line: #d8cfbd; --seal: #9b2d1f; }
@media (prefers-color-scheme: dark) { :root { --ink: #ece6da; --paper: #191713; --line: #4a4439; --seal: #e08a7c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
h1 { border-bottom: 3px solid var(--seal); padding-bottom: .4rem; }
h2 { margin-top: 2.2rem; } h3 { margin: 1.4rem 0 .3rem; }
a { color: var(--seal); } code { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
[lang=en] { opacity: .78; } p [lang=en], li [lang=en] { display: block; }
table { border-collapse: collapse; width: 100%; } th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem;
  text-align: left; vertical-align: top; }
.key { border: 1px solid var(--seal); border-radius: 3px; color: var(--seal); font-size: .8rem; padding: 0 .35rem; }
"""


def page(title: str, body: str) -> bytes:
    """A whole page. title: text; body: HTML that is already escaped."""
    return (
        '<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{STYLE_PATH}"></head>'
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    ).encode()


def both(vi: str, en: str) -> str:
    """A text in both languages, as HTML."""
    return f'{escape(vi)} <span lang="en">{escape(en)}</span>'


@plain(STYLE_PATH, media_type="text/css", in_schema=False)
def style() -> Response[str]:
    """The pages' style sheet."""
    return Response(_STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=3600"})
