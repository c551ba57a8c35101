"""Questions to those whose case it is: asked from a task without completing it, while the clock of the task stands still."""

from __future__ import annotations

from services.models.questions import ANSWERED, CASE, DECIDERS, TAKEN_BACK, Question, QuestionEnd
from services.questions.asking import (
    LONGEST,
    NobodyToAsk,
    QuestionClosed,
    TextMissing,
    answer_question,
    ask_requester,
    take_back_question,
)
from services.questions.files import FILES, open_file
from services.questions.pausing import never_stands
from services.questions.reading import AskedQuestion, find_on_tasks, get_question, list_for_case, list_waiting, who_is_asked

__all__ = [
    "ANSWERED",
    "CASE",
    "DECIDERS",
    "FILES",
    "LONGEST",
    "TAKEN_BACK",
    "AskedQuestion",
    "NobodyToAsk",
    "Question",
    "QuestionClosed",
    "QuestionEnd",
    "TextMissing",
    "answer_question",
    "ask_requester",
    "find_on_tasks",
    "get_question",
    "list_for_case",
    "list_waiting",
    "never_stands",
    "open_file",
    "take_back_question",
    "who_is_asked",
]
