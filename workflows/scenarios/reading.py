"""From the mapping of a scenario file to its story."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from workflows.errors import Problem, Refused
from workflows.packages import Package
from workflows.packages.plain_yaml import PlainYamlRefused, load_plain_yaml
from workflows.scenarios.parts import Part
from workflows.scenarios.story import (
    Advance,
    Answer,
    CasesExpected,
    Change,
    Do,
    Expect,
    Given,
    Happen,
    Look,
    MailExpected,
    RowsExpected,
    RuleFired,
    Scenario,
    Send,
    Start,
    Step,
    TaskSeen,
)

STATES = ("open", "completed", "cancelled", "incident")
_DURATION = re.compile(r"P(?:(\d{1,4})W|(?=.)(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?)", re.ASCII)


class ScenarioRefused(Refused):
    """The scenario cannot be run as it is."""


def load_yaml(data: bytes, *, name: str) -> dict[str, Any]:
    """Read the YAML of a scenario into JSON values; dates and times stay texts.

    Raises:
        ScenarioRefused: It is no YAML, or no mapping.
    """
    try:
        found = load_plain_yaml(data)
    except PlainYamlRefused as error:
        raise ScenarioRefused(
            [Problem(where=name, sentence="This is not YAML: {reason}.", facts={"reason": str(error)})]
        ) from error
    if not isinstance(found, dict):
        raise ScenarioRefused(
            [Problem(where=name, sentence="A scenario is a mapping with about, process, now, start and so on.")]
        )
    return found


def read_scenarios(package: Package) -> dict[str, Scenario]:
    """Read the scenarios of a process folder, by name.

    Raises:
        ScenarioRefused: With every problem of every file.
    """
    found, problems = {}, []
    for name, mapping in package.scenarios.items():
        try:
            found[name] = read_scenario(mapping, name=name)
        except ScenarioRefused as refusal:
            problems += [replace(each, where=f"scenarios/{name}: {each.where}") for each in refusal.problems]
    if problems:
        raise ScenarioRefused(problems)
    return found


def read_scenario(mapping: Mapping[str, Any], *, name: str) -> Scenario:
    """Read a scenario.

    Raises:
        ScenarioRefused: With every problem found.
    """
    whole = Part(mapping, "", [])
    scenario = Scenario(
        name=name,
        about=whole.text("about") or "",
        process=whole.text("process", required=True) or "",
        now=whole.moment("now", required=True) or datetime.min.replace(tzinfo=UTC),
        world=whole.text("world") or "demo",
        given=tuple(whole.each("given", _read_given)),
        start=_read_start(whole.part("start", required=True)),
        steps=tuple(whole.each("steps", _read_step)),
        expect=_read_expect(whole.part("expect")),
        also=whole.texts("also"),
    )
    whole.finish()
    if whole.problems:
        raise ScenarioRefused(whole.problems)
    return scenario


def _read_given(part: Part) -> Given:
    given = Given(register=part.text("register", required=True) or "", key=part.text("key"), set=part.values("set"))
    part.finish()
    return given


def _read_start(part: Part) -> Start:
    start = Start(
        as_=part.text("as"),
        answers=part.values("answers"),
        event=_read_happen(part) if "event" in part.mapping else None,
        daily=part.text("daily"),
        refused=part.text("refused"),
    )
    ways = [name for name in ("as", "event", "daily") if name in part.mapping]
    if not part.mapping or "answers" in part.mapping or not ways:
        part.text("as", required=True)
    if len(ways) > 1:
        part.report("", "A case starts in one way: by a person (as), by an event, or daily.")
    part.finish()
    return start


def _read_step(part: Part) -> Step | None:
    found = [kind for kind in _STEPS if kind in part.mapping]
    if len(found) != 1:
        part.report("", "A step says exactly one of these: {kinds}.", kinds=", ".join(_STEPS))
        return None
    step = _STEPS[found[0]](part)
    part.finish()
    return step


def _read_look(part: Part) -> Look:
    return Look(tasks=tuple(part.each("tasks", _read_task)), process=part.text("process"))


def _read_task(part: Part) -> TaskSeen:
    task = TaskSeen(
        id=part.text("id", required=True) or "",
        role=part.text("role"),
        area=part.text("area"),
        organisation=part.text("organisation"),
        line=part.text("line"),
        due=part.moment("due"),
        flags=part.texts("flags") if "flags" in part.mapping else None,
    )
    part.finish()
    return task


def _read_do(part: Part) -> Do:
    return Do(
        as_=part.text("as", required=True) or "",
        do=part.text("do", required=True) or "",
        answers=part.values("answers"),
        area=part.text("area"),
        line=part.text("line"),
        process=part.text("process"),
        refused=part.text("refused"),
    )


def _read_advance(part: Part) -> Advance | None:
    text = part.text("advance", required=True) or ""
    found = _DURATION.fullmatch(text)
    if not found or not any(found.groups()):
        part.report("advance", "{text} is not a duration.", "Write it like PT16H or P2DT30M.", text=text)
        return None
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in found.groups())
    return Advance(by=timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds))


def _read_send(part: Part) -> Send:
    return Send(
        message=part.text("message", required=True) or "",
        key=part.text("key"),
        payload=part.values("payload"),
        as_=part.text("as"),
        refused=part.text("refused"),
    )


def _read_happen(part: Part) -> Happen:
    return Happen(event=part.text("event", required=True) or "", area=part.text("area"), payload=part.values("payload"))


def _read_change(part: Part) -> Change:
    return Change(given=tuple(part.each("given", _read_given)))


def _read_answer(part: Part) -> Answer:
    return Answer(
        as_=part.text("as", required=True) or "",
        says=part.text("says", required=True) or "",
        about=part.text("about"),
        place=part.text("place") or "",
        words=part.text("words") or "",
        refused=part.text("refused"),
    )


_STEPS: Mapping[str, Callable[[Part], Step | None]] = {
    "tasks": _read_look,
    "do": _read_do,
    "advance": _read_advance,
    "message": _read_send,
    "event": _read_happen,
    "given": _read_change,
    "says": _read_answer,
}


def _read_expect(part: Part) -> Expect:
    expect = Expect(
        state=_read_state(part),
        outcome=part.text("outcome"),
        path=part.texts("path"),
        not_reached=part.texts("not_reached"),
        variables=part.values("variables"),
        decisions=tuple(part.each("decisions", _read_rule)),
        registers=tuple(part.each("registers", _read_rows)),
        mails=tuple(part.each("mails", _read_mail)),
        cases=tuple(part.each("cases", _read_cases)),
    )
    part.finish()
    return expect


def _read_state(part: Part) -> str | None:
    state = part.text("state")
    if state is not None and state not in STATES:
        part.report(
            "state", "{state} is no state of a case.", "Use one of these: {states}.", state=state, states=", ".join(STATES)
        )
    return state


def _read_cases(part: Part) -> CasesExpected:
    expected = CasesExpected(
        process=part.text("process", required=True) or "",
        count=part.number("count"),
        state=_read_state(part),
        area=part.text("area"),
        status=part.text("status"),
        outcome=part.text("outcome"),
    )
    part.finish()
    return expected


def _read_rule(part: Part) -> RuleFired:
    rule = RuleFired(table=part.text("table", required=True) or "", rule=part.number("rule"), line=part.text("line"))
    part.finish()
    return rule


def _read_rows(part: Part) -> RowsExpected:
    rows = RowsExpected(
        register=part.text("register", required=True) or "",
        where=part.values("where"),
        expect=part.values("expect"),
        count=part.number("count"),
    )
    part.finish()
    return rows


def _read_mail(part: Part) -> MailExpected:
    mail = MailExpected(to=part.text("to", required=True) or "", code=part.text("code", required=True) or "")
    part.finish()
    return mail
