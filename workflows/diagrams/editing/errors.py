"""Why a diagram is not changed as asked."""

from __future__ import annotations

from workflows.errors import SafeconductError


class EditRefused(SafeconductError):
    """The diagram cannot be changed in this way."""


class ElementGone(EditRefused):
    """There is no “{id}” in this diagram any more. Open the page again."""


class StartStays(EditRefused):
    """A start cannot be taken out here: nothing could begin."""


class EventsOnIt(EditRefused):
    """Take out the events that sit on “{step}” first."""


class ManyWays(EditRefused):
    """“{step}” has several ways out. Take out all but one of them first, so that it is clear where to go on."""


class NoWayOn(EditRefused):
    """“{step}” is the last step on its way. Take out what leads here, or add another end first."""


class NothingAfter(EditRefused):
    """Nothing can come after “{step}”: its way ends there."""


class OneWay(EditRefused):
    """The last way out of “{step}” cannot be taken out. Take out the step itself."""


class LaneUnknown(EditRefused):
    """There is no lane “{lane}” around this step."""
