"""Components that many tests are made of."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def text(key="note", **more):
    return {"type": "textfield", "key": key, "label": key.capitalize(), **more}


def required(**more):
    return {"validate": {"required": True, **more}}


def stops(**properties):
    contact = {"type": "group", "path": "contact", "label": "Contact", "components": [text("phone")]}
    return {
        "type": "dynamiclist",
        "path": "stops",
        "label": "Stops",
        "properties": properties,
        "components": [text("area") | required(), {"type": "number", "key": "level", "label": "Level"}, contact],
    }
