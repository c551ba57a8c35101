"""What an answer has to keep to, each said as a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from workflows import feel
from workflows.errors import Problem
from workflows.forms.attachments import check_files
from workflows.forms.fields import CHOICE_KINDS, MANY_CHOICE_KINDS, TEXT_KINDS, Field, Limit, holds
from workflows.forms.leaves import WrongAnswer, in_sentence
from workflows.forms.moments import is_past
from workflows.forms.rules import Rule

_EMAIL = re.compile(r"[^\s@<>,;:\"()\[\]]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_PHONE_ORNAMENTS = re.compile(r"[\s().\-/\u00a0\u2011]")
_MISSING_SENTENCES = {
    "select": "Choose {label}",
    "radio": "Choose {label}",
    "checklist": "Choose at least one option for {label}",
    "taglist": "Choose at least one option for {label}",
    "checkbox": "Tick the box to confirm: {label}",
    "filepicker": "Add a file for {label}",
    "dynamiclist": "Add at least one entry to {label}",
}
_USUAL_SENTENCE = "Enter {label}"
_CHOSEN = frozenset({"select", "radio", "checklist", "taglist"})


def check_answer(
    field: Field, answer: Any, scope: Mapping[str, Any], now: datetime, files: Mapping[str, Mapping[str, Any]] | None
) -> Any:
    """Check an answer of the field's own type and return it as it is to be kept.

    Raises:
        WrongAnswer: It is missing, out of its limits, or not one of the options.
    """
    ensure_given(field, answer, scope, now)
    if field.kind == "checkbox" or answer is None or answer == []:
        return answer
    if field.kind == "filepicker":
        return check_files(field, answer, files)
    if field.kind in TEXT_KINDS:
        answer = _check_text(field, answer, scope, now)
    if field.kind == "number":
        _check_range(field, answer, scope, now)
    if field.kind == "datetime" and field.limits.not_past and is_past(answer, subtype=field.subtype, now=now):
        raise WrongAnswer("{label} must be today or later", label=field.label)
    return _check_options(field, answer, scope, now)


def ensure_given(field: Field, answer: Any, scope: Mapping[str, Any], now: datetime) -> None:
    """Refuse an answer that is missing although it is required; an unticked box counts as missing."""
    missing = answer is None or answer is False or answer == []
    if missing and holds(field.limits.required, scope, now):
        raise _missing(field, scope, now)


def _missing(field: Field, scope: Mapping[str, Any], now: datetime) -> WrongAnswer:
    """Say what is missing; a label that is a question or a sentence is said again, because it does not fit into another one."""
    if own := field.limits.sayings.missing:
        return WrongAnswer(own, **field.limits.sayings.facts_of(own, scope, now))
    if field.label.endswith(("?", "？", "؟", ".", "。")):
        return WrongAnswer("{label} Choose an answer" if field.kind in _CHOSEN else "{label} Enter an answer", label=field.label)
    label = field.label if field.kind == "checkbox" else in_sentence(field.label)
    return WrongAnswer(_MISSING_SENTENCES.get(field.kind, _USUAL_SENTENCE), label=label)


def check_valid(field: Field, scope: Mapping[str, Any], now: datetime) -> None:
    """Check the field's own rules over all answers."""
    for rule in field.limits.rules:
        if not rule.is_advice and rule.is_broken(scope, now):
            raise _broken(field, rule, scope, now)


def advice_on(field: Field, where: str, scope: Mapping[str, Any], now: datetime) -> list[Problem]:
    """Say what is unusual about the answer at a place, though it may be right."""
    rules = (rule for rule in field.limits.rules if rule.is_advice and rule.is_broken(scope, now))
    said = (_broken(field, rule, scope, now) for rule in rules)
    return [Problem(where=where, sentence=each.sentence, facts=each.facts, is_advice=True) for each in said]


def _broken(field: Field, rule: Rule, scope: Mapping[str, Any], now: datetime) -> WrongAnswer:
    if rule.sentence:
        return WrongAnswer(rule.sentence, **field.limits.sayings.facts_of(rule.sentence, scope, now))
    return WrongAnswer("Check {label}: it does not fit the other answers", label=in_sentence(field.label))


def _limit(limit: Limit, scope: Mapping[str, Any], now: datetime) -> int | float | None:
    value = feel.to_json(limit.evaluate(scope, now=now)) if isinstance(limit, feel.Expression) else limit
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _check_text(field: Field, text: str, scope: Mapping[str, Any], now: datetime) -> str:
    limits = field.limits
    least, most = _limit(limits.least_length, scope, now), _limit(limits.most_length, scope, now)
    if least is not None and len(text) < least:
        raise WrongAnswer("{label} must be {min} characters or more", label=field.label, min=least)
    if most is not None and len(text) > most:
        raise WrongAnswer("{label} must be {max} characters or fewer", label=field.label, max=most)
    if limits.text_format == "email" and (len(text) > 254 or not _EMAIL.fullmatch(text)):
        raise WrongAnswer("{label} must be an email address, like name@example.org", label=field.label)
    if limits.text_format == "phone":
        return _phone(field, text)
    if limits.pattern and not _pattern(limits.pattern).search(text):
        if limits.pattern_sentence:
            raise WrongAnswer("{text}", text=limits.pattern_sentence)
        raise WrongAnswer("{label} is not written in the form that is asked for", label=field.label)
    return text


def _phone(field: Field, text: str) -> str:
    """Return a phone number in the one form that machines dial: + and digits only."""
    plain = _PHONE_ORNAMENTS.sub("", text)
    plain = f"+{plain[2:]}" if plain.startswith("00") else plain
    if not _PHONE.fullmatch(plain):
        raise WrongAnswer("{label} must be a phone number with its country code, like +41 22 555 01 00", label=field.label)
    return plain


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _check_range(field: Field, number: float, scope: Mapping[str, Any], now: datetime) -> None:
    least, most = _limit(field.limits.least, scope, now), _limit(field.limits.most, scope, now)
    # Decimals, because 0.1 typed and 0.1 written in the form must be the same number.
    if least is not None and Decimal(str(number)) < Decimal(str(least)):
        raise WrongAnswer("{label} must be {min} or more", label=field.label, min=least)
    if most is not None and Decimal(str(number)) > Decimal(str(most)):
        raise WrongAnswer("{label} must be {max} or less", label=field.label, max=most)


def _check_options(field: Field, answer: Any, scope: Mapping[str, Any], now: datetime) -> Any:
    """Return the options chosen, with the values that the options have."""
    choices = field.choices.listed(scope, now) if field.choices is not None else None
    if choices is None:
        return answer
    values = {_spelled(choice.value): choice.value for choice in choices}
    chosen = answer if field.kind in MANY_CHOICE_KINDS else [answer]
    if any(_spelled(each) not in values for each in chosen):
        label = in_sentence(field.label) if field.kind in CHOICE_KINDS else field.label
        raise WrongAnswer("Choose one of the listed options for {label}", label=label)
    kept = [values[_spelled(each)] for each in chosen]
    return kept if field.kind in MANY_CHOICE_KINDS else kept[0]


def _spelled(value: Any) -> str:
    """Write a value as a page does, where everything is text."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
