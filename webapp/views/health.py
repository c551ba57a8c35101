"""For the proxy in front: is this process alive."""

from __future__ import annotations

from flask import Blueprint, Response

blueprint = Blueprint("health", __name__)


@blueprint.get("/health/live")
def live() -> Response:
    """Answer as soon as the process answers at all; touches no database."""
    return Response("ok\n", mimetype="text/plain")
