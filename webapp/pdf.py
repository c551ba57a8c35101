"""The only door to WeasyPrint: a page of HTML in, a tagged PDF out, and how one is handed over."""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
from typing import Any

from flask import Response
from lxml.html import document_fromstring, tostring

from webapp.statics import STATIC, asset

#: The scripts of our sheets, each a font of its own: one family in several files makes WeasyPrint mix up their letters.
SCRIPTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "arabic", "chinese-simplified")
WEIGHTS = (400, 700)
_FACE = '@font-face {{ font-family: "sheet-{script}"; font-weight: {weight}; src: url("{address}") format("woff"); }}'
_BODY = "body {{ font-family: {families}, sans-serif; }}"


def print_page(html: str) -> bytes:
    """Lay out one page of HTML as an accessible PDF (PDF/UA).

    The page brings its own styles and pictures along: nothing is fetched but `data:` addresses, so that no text
    in a certificate can make the server read a file or call another machine.
    """
    # Imported at the first certificate: the import alone costs more than a second.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    config, sheet = _fonts()
    document = HTML(string=say_directions(html), url_fetcher=URLFetcher(allowed_protocols=("data",)))
    printed: bytes = document.write_pdf(stylesheets=[sheet], font_config=config, pdf_variant="pdf/ua-1")
    return printed


def say_directions(html: str) -> str:
    """Say of each text that stands in a direction of its own which one it is: WeasyPrint does not find out, as a browser does."""
    page: Any = document_fromstring(html)
    for element in page.xpath("//*[@dir = 'auto'] | //bdi[not(@dir)]"):
        element.set("dir", _direction(element.text_content()))
    said: str = tostring(page, encoding="unicode", doctype="<!doctype html>")
    return said


def _direction(text: str) -> str:
    """Return the direction of the first letter that has one, as HTML says it of `dir="auto"`."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"})
    return "ltr" if next(strong, "L") == "L" else "rtl"


def offer(printed: bytes, *, name: str) -> Response:
    """Answer with a PDF that is kept under a name, such as the number of what is printed."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(printed, mimetype="application/pdf", headers=headers)


@functools.cache
def _fonts() -> tuple[Any, Any]:
    """Read our fonts once per process, and say in which order they are asked for a letter."""
    from weasyprint import CSS  # noqa: PLC0415
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    config = FontConfiguration()
    faces = [_face(script, weight) for script in SCRIPTS for weight in WEIGHTS]
    body = _BODY.format(families=", ".join(f'"sheet-{script}"' for script in SCRIPTS))
    fetcher = URLFetcher(allowed_protocols=("file",))
    return config, CSS(string="\n".join([*faces, body]), url_fetcher=fetcher, font_config=config)


def _face(script: str, weight: int) -> str:
    file = STATIC / Path(asset(f"font-{script}-{weight}.woff")).name
    return _FACE.format(script=script, weight=weight, address=file.as_uri())
