"""Decision models (DMN): read them once, decide many times, and say which rule fired with which inputs."""

from __future__ import annotations

from workflows.dmn.analysis import analyse_table
from workflows.dmn.graph import Decision, Service
from workflows.dmn.model import DecisionUnknown, Model, Outcome
from workflows.dmn.reading import read_model, read_models
from workflows.dmn.session import DecisionFailed, Session
from workflows.dmn.tables import DecisionAmbiguous, Table
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
    "Service",
    "Session",
    "Table",
    "Trace",
    "analyse_table",
    "read_model",
    "read_models",
]
