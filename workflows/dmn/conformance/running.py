"""Running the cases of a folder: models are read together, each result is asked by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows import feel
from workflows.dmn.conformance.comparing import agrees
from workflows.dmn.conformance.reading import Given, Result, TestCase, TestFile, Untyped, read_cases
from workflows.dmn.model import Model
from workflows.dmn.reading import read_models
from workflows.dmn.session import Session
from workflows.dmn.tags import local_name
from workflows.errors import SafeconductError
from workflows.feel.calls import invoke_named
from workflows.xml import read_xml

_MOST_BYTES = 20_000_000
_MOST_ELEMENTS = 500_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """How one result of one case came out; `reason` is empty when it passed."""

    file: str
    case: str
    result: str
    reason: str = ""

    @property
    def passed(self) -> bool:
        """Whether it came out as expected."""
        return not self.reason


def run_folder(files: Mapping[str, bytes], *, now: datetime | None = None) -> list[Verdict]:
    """Run all cases among the files of one folder.

    Args:
        files: Contents by file name: `.dmn` models and `.xml` test cases; other files are passed over.
        now: The moment that models mean by `now()`.
    """
    tests = {name: read for name, data in files.items() if name.endswith(".xml") and (read := _read_tests(data)) is not None}
    if not tests:
        return []
    try:
        models = read_models({name: data for name, data in files.items() if name.endswith(".dmn")}, lenient=True)
    except SafeconductError as error:
        return [_refused(name, case, str(error)) for name, file in tests.items() for case in file.cases]
    return [verdict for name, file in tests.items() for verdict in _run_file(name, file, models, now)]


def _read_tests(data: bytes) -> TestFile | None:
    root = read_xml(data, max_bytes=_MOST_BYTES, max_elements=_MOST_ELEMENTS)
    return read_cases(root) if local_name(root) == "testCases" else None


def _refused(name: str, case: TestCase, reason: str) -> Verdict:
    return Verdict(file=name, case=case.id, result=", ".join(result.name for result in case.results), reason=reason)


def _run_file(name: str, file: TestFile, models: Mapping[str, Model], now: datetime | None) -> Iterator[Verdict]:
    model = models.get(file.model) or (next(iter(models.values())) if len(models) == 1 else None)
    for case in file.cases:
        if model is None:
            yield _refused(name, case, f"There is no model {file.model}.")
            continue
        asked = _Asked(model=model, case=case, now=now)
        for result in case.results:
            yield Verdict(file=name, case=case.id, result=result.name, reason=asked.judge(result))


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One case and the model that it is about."""

    model: Model
    case: TestCase
    now: datetime | None

    def judge(self, result: Result) -> str:
        """Say what is wrong with a result; nothing if it is as expected."""
        try:
            actual = self._value(result)
        except SafeconductError as error:
            return f"Refused: {error}"
        expected = None if result.error else result.expected
        if agrees(actual, expected):
            return ""
        return f"{_shown(actual)} came out instead of {_shown(expected)}."

    def _value(self, result: Result) -> Any:
        session = self._session()
        service = self.model.services.get(self.case.invocable or result.name)
        if self.case.kind == "decisionService" and service is not None:
            value = session.ask(service)
            return value.get(result.name) if len(service.outputs) > 1 and isinstance(value, dict) else value
        if self.case.kind == "bkm":
            return self._call(session)
        for decision in self.model.decisions.values():
            if result.name in (decision.name, decision.variable):
                return session.decide([decision.key])[0]
        return session.ask(service) if service is not None else Untyped(text="nothing of that name")

    def _session(self) -> Session:
        given, variables = {}, {}
        for each in self.case.given:
            keys = list(self._keys(each))
            for key in keys:
                given[key] = _resolved(each.value, self.model.graph.type_of(key))
            variables[each.name] = _resolved(each.value, self.model.graph.type_of(keys[0]) if keys else None)
        return self.model.open_session(variables, given=given, now=self.now, lenient=True)

    def _keys(self, given: Given) -> Iterator[str]:
        """Find what a given value is for: of the named model, else of this one, else of any."""
        graph = self.model.graph
        found = [
            element.key
            for kind in (graph.inputs, graph.decisions)
            for element in kind.values()
            if given.name in (element.name, element.variable)
        ]
        spaces = [given.namespace] if given.namespace else [self.model.namespace, ""]
        near = [key for key in found if key.rpartition("#")[0] in spaces]
        yield from near or found

    def _call(self, session: Session) -> Any:
        for element in self.model.graph.knowledge.values():
            if element.name == self.case.invocable:
                function = session.function_of(element.key)
                arguments = {given.name: _resolved(given.value, None) for given in self.case.given}
                return invoke_named(function, feel.Run(now=self.now), arguments)
        return Untyped(text="nothing of that name")


def _resolved(value: Any, wanted: feel.Type | None) -> Any:
    """Settle what untyped values are."""
    if isinstance(value, Untyped):
        return value.resolve(wanted)
    if isinstance(value, list):
        element = wanted.element if wanted is not None else None
        return [_resolved(each, element) for each in value]
    if isinstance(value, dict):
        entries = dict(wanted.entries or ()) if wanted is not None else {}
        return {name: _resolved(each, entries.get(name)) for name, each in value.items()}
    return value


def _shown(value: Any) -> str:
    return value.text if isinstance(value, Untyped) else repr(value)[:200]
