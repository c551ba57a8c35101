"""The options of registers as their reader calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.i18n import language

Options = Mapping[str, Iterable[Mapping[str, Any]]]


def speak_options(options: Options) -> dict[str, list[dict[str, Any]]]:
    """Give each option the label that its register has in the language of the page, and otherwise leave it as it is."""
    spoken = language()
    return {register: [_speak(each, spoken) for each in listed] for register, listed in options.items()}


def _speak(option: Mapping[str, Any], spoken: str) -> dict[str, Any]:
    names = option.get("names") or {}
    return {**option, "label": names.get(spoken) or option["label"]}
