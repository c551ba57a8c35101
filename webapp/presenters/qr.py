"""A certificate's QR code as a drawing."""

from __future__ import annotations

import io

import segno


def draw_qr(address: str) -> str:
    """Draw an address as SVG with a quiet zone; the colours are fixed, as readers need dark on light."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
    )
    return drawing.getvalue().decode()


def embed_qr(address: str) -> str:
    """Draw an address as a `data:` image, for a document that has to carry everything along."""
    return segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
