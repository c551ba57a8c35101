"""Certificates: on the screen, as PDF, as QR code, and the public page that says whether one holds."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.context import actor, database, now
from webapp.pdf import offer
from webapp.presenters import certificates as pages
from webapp.presenters.qr import draw_qr

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/certificates/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show a certificate."""
    page = _read(number)
    return render_template("certificates/show.html", certificate=page, qr=url_for("certificates.picture", number=number))


@blueprint.get("/certificates/<number>.pdf")
def download(number: str) -> ResponseReturnValue:
    """Give a certificate to be printed and carried along."""
    page = _read(number)
    return offer(pages.print_certificate(page), name=page.number)


@blueprint.get("/certificates/<number>/qr.svg")
def picture(number: str) -> ResponseReturnValue:
    """Draw the code that leads to the public page."""
    return Response(draw_qr(pages.verify_address(_read(number))), mimetype="image/svg+xml")


@blueprint.get("/verify/<number>/<code>")
def verify(number: str, code: str) -> ResponseReturnValue:
    """Say to anybody who has number and code whether the certificate holds, and nothing of what is in it."""
    with database().reading() as session:
        verdict = pages.check_certificate(session, number, code, now=now())
    return render_template("certificates/verify.html", number=number, verdict=verdict)


def _read(number: str) -> pages.CertificatePage:
    with database().reading() as session:
        return pages.get_certificate_page(session, number, actor=actor(), now=now())
