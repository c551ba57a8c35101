"""The only door to WeasyPrint: a page of HTML in, a tagged PDF out."""

from __future__ import annotations

import functools
from typing import Any


def print_page(html: str) -> bytes:
    """Lay out one page of HTML as an accessible PDF (PDF/UA).

    The page brings its own styles and pictures along: nothing is fetched but `data:` addresses, so that no text
    in a certificate can make the server read a file or call another machine.
    """
    # Imported at the first certificate: the import alone costs more than a second.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
    printed: bytes = document.write_pdf(font_config=_fonts(), pdf_variant="pdf/ua-1")
    return printed


@functools.cache
def _fonts() -> Any:
    """Read the system's fonts once per process."""
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    return FontConfiguration()
