"""Reading one answer: from what was typed or sent to a value of the field's kind."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from workflows.errors import SafeconductError
from workflows.forms.fields import Field
from workflows.forms.moments import read_moment

_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,12})?")
# Neither a database nor XML can keep these; tab and line break are the only control characters a person types.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_TICKED = {"on": True, "true": True, "1": True, "yes": True, "": False, "off": False, "false": False, "0": False, "no": False}


class WrongAnswer(SafeconductError):
    """Choose another answer."""


def convert(field: Field, raw: Any, scope: Mapping[str, Any]) -> Any:
    """Turn a raw answer into a value.

    What is not given is None, False for a checkbox, an empty list for many choices and files.

    Raises:
        WrongAnswer: It is not of the field's kind.
    """
    return _CONVERTERS[field.kind](field, raw, scope)


def is_blank(raw: Any) -> bool:
    """Tell whether nothing was typed or sent, at any depth."""
    if isinstance(raw, Mapping):
        return all(is_blank(inner) for inner in raw.values())
    if isinstance(raw, list):
        return all(is_blank(inner) for inner in raw)
    return raw is None or raw is False or (isinstance(raw, str) and not raw.strip())


def in_sentence(label: str) -> str:
    """Write a label as it stands inside a sentence: "Date you leave" becomes "date you leave", "SSAFE" and "I" stay."""
    first_word = label.partition(" ")[0]
    return label[:1].lower() + label[1:] if first_word == "A" or first_word[1:].islower() else label


def _text(field: Field, raw: Any, scope: Mapping[str, Any]) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise WrongAnswer("{label} must be a text", label=field.label)
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    if _UNSTORABLE.search(text):
        raise WrongAnswer("{label} contains characters that cannot be saved", label=field.label)
    if field.kind == "textfield" and "\n" in text:
        raise WrongAnswer("{label} must be on one line", label=field.label)
    return text or None


def _number(field: Field, raw: Any, scope: Mapping[str, Any]) -> int | float | None:
    if is_blank(raw) and raw is not False:
        return None
    if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw):
        number = Decimal(str(raw))
    elif isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()) and raw.isascii():
        number = Decimal(raw.strip())
    else:
        raise WrongAnswer("{label} must be a number", label=field.label)
    places = max(0, -int(number.normalize().as_tuple().exponent))
    if field.limits.decimals == 0 and places:
        raise WrongAnswer("{label} must be a whole number", label=field.label)
    if field.limits.decimals is not None and places > field.limits.decimals:
        raise WrongAnswer("{label} must have {places} decimal places or fewer", label=field.label, places=field.limits.decimals)
    return int(number) if not places else float(number)


def _checkbox(field: Field, raw: Any, scope: Mapping[str, Any]) -> bool:
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    if isinstance(raw, list) and raw:  # a hidden "false" in front of the box, as pages without scripts send it
        raw = raw[-1]
    if isinstance(raw, str) and raw.strip().lower() in _TICKED:
        return _TICKED[raw.strip().lower()]
    raise WrongAnswer("Choose one of the listed options for {label}", label=in_sentence(field.label))


def _one_choice(field: Field, raw: Any, scope: Mapping[str, Any]) -> Any:
    if isinstance(raw, list | Mapping):
        raise WrongAnswer("Choose one of the listed options for {label}", label=in_sentence(field.label))
    return raw.strip() or None if isinstance(raw, str) else raw


def _many_choices(field: Field, raw: Any, scope: Mapping[str, Any]) -> list[Any]:
    if isinstance(raw, Mapping):
        raise WrongAnswer("Choose one of the listed options for {label}", label=in_sentence(field.label))
    chosen = [_one_choice(field, each, scope) for each in (raw if isinstance(raw, list) else [raw])]
    return list(dict.fromkeys(each for each in chosen if each is not None))


def _moment(field: Field, raw: Any, scope: Mapping[str, Any]) -> str | None:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    moment = read_moment(raw, subtype=field.subtype, zone=field.zone, scope=scope) if isinstance(raw, str) else None
    if moment is None:
        sentences = {
            "date": "{label} must be a real date, like 2026-12-20",
            "time": "{label} must be a time, like 09:30",
            "datetime": "{label} must be a date and a time, like 2026-12-20T09:30",
        }
        raise WrongAnswer(sentences[field.subtype], label=field.label)
    return moment


def _files(field: Field, raw: Any, scope: Mapping[str, Any]) -> list[Any]:
    if is_blank(raw):
        return []
    return [each for each in (raw if isinstance(raw, list) else [raw]) if not is_blank(each)]


_CONVERTERS: Mapping[str, Callable[[Field, Any, Mapping[str, Any]], Any]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _checkbox,
    "select": _one_choice,
    "radio": _one_choice,
    "checklist": _many_choices,
    "taglist": _many_choices,
    "datetime": _moment,
    "filepicker": _files,
}
