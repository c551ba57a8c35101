"""Decision models (DMN): read them once, decide many times, and say which rule fired with which inputs."""

from __future__ import annotations

from workflows.dmn.model import Decision, DecisionFailed, DecisionUnknown, Model, Outcome
from workflows.dmn.reading import read_model
from workflows.dmn.tables import DecisionAmbiguous
from workflows.dmn.traces import FiredRule, Trace
from workflows.errors import DecisionRefused

__all__ = [
    "Decision",
    "DecisionAmbiguous",
    "DecisionFailed",
    "DecisionRefused",
    "DecisionUnknown",
    "FiredRule",
    "Model",
    "Outcome",
    "Trace",
    "read_model",
]
