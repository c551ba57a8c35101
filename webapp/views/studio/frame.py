"""What all pages of the studio share: the blueprint, and what the reader may work on."""

from __future__ import annotations

from flask import Blueprint

from webapp.presenters.studio.reaching import ensure_owner, find_draft

__all__ = ["blueprint", "ensure_owner", "find_draft"]

blueprint = Blueprint("studio", __name__, url_prefix="/studio")
