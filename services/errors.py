"""What a person may be told when an act does not go through."""

from __future__ import annotations

from workflows.errors import AnswersInvalid, Problem, SafeconductError


class NotFound(SafeconductError):
    """There is nothing here, or it is not yours to see."""


class NotAllowed(SafeconductError):
    """You are not allowed to do this."""


class OwnMatter(NotAllowed):
    """You cannot decide on a matter in which you are involved yourself, as traveller, preparer, relative or supervisor."""


class NotYourRole(NotAllowed):
    """This is for another role, area or organisation than the ones you hold today."""


class AlreadyActed(NotAllowed):
    """You have already acted on this case. Somebody else has to take this step."""


class Conflict(SafeconductError):
    """Somebody was quicker. Nothing of yours was changed or lost."""


class AlreadyDecided(Conflict):
    """{by} decided this at {at}: {outcome}. Your answers are kept as a draft."""


class TaskClosed(Conflict):
    """This task is no longer open, because its case has moved on without it."""


class ClaimedByOther(Conflict):
    """{by} has been working on this since {at}. Ask for a release, or wait until it is free again."""


class StaleRevision(Conflict):
    """The case has changed since you opened it. Look at it once more, then decide."""


class TooLateToTakeBack(Conflict):
    """This cannot be taken back any more, because the case has moved on. What was decided stands until a new decision."""


class ActedSince(TooLateToTakeBack):
    """This cannot be taken back any more: {by} has acted since, at {at}. What was decided stands until a new decision."""


class InOtherHands(TooLateToTakeBack):
    """This cannot be taken back any more: {by} has been working on the next step since {at}. Ask for a release first."""


class ToldElsewhere(TooLateToTakeBack):
    """This cannot be taken back any more, because other cases have already heard of it or changed what it changed."""


class MessageNotExpected(Conflict):
    """Nothing in this case is waiting for that now."""


class AlreadyOpen(Conflict):
    """There is an open case about this already: {number}. Go on with that one, or wait until it is over."""


class CaseEmptied(Conflict):
    """What was written in this case was removed when its time was over; only its decisions and its history are kept."""


class DraftChanged(Conflict):
    """You changed this draft in another window at {at}."""


class SavedMeanwhile(Conflict):
    """{by} saved this at {at}. Look at what differs, then save yours as a draft of its own or go on from theirs."""


class DraftClosed(Conflict):
    """This draft cannot be changed any more: it is before its reviewer, was published, or was given up. Begin a new one."""


class FileRefused(SafeconductError):
    """This file cannot be part of a process."""


class IdempotencyMismatch(SafeconductError):
    """This was sent before with another content. Open the page again and send it once more."""


class Declined(SafeconductError):
    """What was answered cannot be done.

    An operation raises it when a person can mend it; what nobody who answers can mend is a failure.
    """


class OperationFailed(SafeconductError):
    """A step of the process could not be carried out: {cause}. Nothing was changed."""


class IncidentClosed(Conflict):
    """This failure was repaired already, or the case has gone on without it."""


class RepairRefused(SafeconductError):
    """This cannot be repaired in that way."""


class ReasonMissing(RepairRefused):
    """Say why. The reason stays in the history of the case."""


class Busy(SafeconductError):
    """The database is busy. Nothing was changed; try again in a moment."""


class NotPublished(NotFound):
    """There is no published process with this name."""


def told_of(error: Exception, *, to_person: bool) -> SafeconductError:
    """Return what is told when a step could not be carried out: to a person what it says of the answers, else that it failed."""
    cause = error.__cause__
    if to_person and isinstance(cause, Declined):
        return AnswersInvalid([Problem(where="", sentence=cause.sentence, facts=cause.facts)])
    if isinstance(cause, NotAllowed) or (to_person and isinstance(cause, AnswersInvalid)):
        return cause
    return OperationFailed(cause=str(error))
