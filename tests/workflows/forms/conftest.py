"""Forms of a few components, and their answers."""

from __future__ import annotations

import json

import pytest

from tests.workflows.forms.fields import NOW
from workflows import forms
from workflows.errors import AnswersInvalid


@pytest.fixture
def form():
    """Build a form from components."""

    def build(*components, **more):
        schema = {"type": "default", "schemaVersion": 18, "id": "F-TEST", "components": list(components), **more}
        return forms.read_form(json.dumps(schema).encode(), name="test.form")

    return build


@pytest.fixture
def ask(form):
    """Answer a form of some components; returns the answers or the problems by place."""

    def answer(raw, *components, variables=None, files=None):
        try:
            return form(*components).read_answers(raw, variables or {}, now=NOW, files=files)
        except AnswersInvalid as refusal:
            return {problem.where: problem.sentence.format(**(problem.facts or {})) for problem in refusal.problems}

    return answer
