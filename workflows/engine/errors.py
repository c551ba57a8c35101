"""What can go wrong while a case runs."""

from __future__ import annotations

from workflows.errors import SafeconductError


class BusinessError(SafeconductError):
    """The operation ended with the business error {code}."""

    def __init__(self, code: str, message: str = "") -> None:
        """Keep the code that an error boundary event is matched with."""
        super().__init__(message or None, code=code)
        self.code = code


class StepFailed(SafeconductError):
    """The step {element} could not be carried out: {cause}"""  # noqa: D415 - the cause is a sentence

    def __init__(self, element: str, cause: str, *, place: str = "") -> None:
        """Name the element, where in the case it is (see `repairs`), and say the cause in a sentence."""
        super().__init__(element=element, cause=cause)
        self.element = element
        self.cause = cause
        self.place = place


class NotOpen(SafeconductError):
    """This task is not open any more."""


class StateRefused(SafeconductError):
    """The stored state of this case cannot be read: {cause}"""  # noqa: D415 - the cause is a sentence


class ProgramRefused(SafeconductError):
    """The process cannot be run: {cause}"""  # noqa: D415 - the cause is a sentence
