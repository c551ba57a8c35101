"""Somebody was quicker: who, when and with what, as a sentence."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup, escape

from webapp.presenters.moments import show_moment
from webapp.presenters.words import say_act
from webapp.speech import gettext
from workflows.errors import SafeconductError


def say_conflict(conflict: SafeconductError, *, now: datetime) -> Markup:
    """Say who was quicker, when and with what."""
    facts = dict(conflict.facts)
    if "at" in facts:
        facts["at"] = show_moment(facts["at"], now=now)
    if "outcome" in facts:
        facts["outcome"] = say_act(None, facts["outcome"])
    return escape(gettext(conflict.sentence)).format(**facts)
