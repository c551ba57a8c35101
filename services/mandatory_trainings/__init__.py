"""Trainings that people have to pass: who must by which rule, what is still to be done, and who hears of a delay."""

from __future__ import annotations

from services.mandatory_trainings.looking import look_once
from services.mandatory_trainings.reading import ToDo, list_overdue, list_to_do, organisations_overdue
from services.mandatory_trainings.rules import PROCESS

__all__ = ["PROCESS", "ToDo", "list_overdue", "list_to_do", "look_once", "organisations_overdue"]
