"""The messages that people usually send to a case, and what they are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from webapp.speech import gettext


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A message that a person may send.

    Attributes:
        keys: The answers that it carries; where its event names no form, the form of the process that asks for them is its
            form. A withdrawal asks for its reason only.
        is_grave: Whether it ends something that cannot be brought back.
    """

    slug: str
    message: str
    keys: frozenset[str] | None
    name: Callable[[], str]
    about: Callable[[], str]
    button: Callable[[], str]
    done: Callable[[], str]
    is_grave: bool = False


KINDS = (
    Kind(
        slug="check-in",
        message="MSG_CHECKIN",
        keys=frozenset({"kind", "at", "safe"}),
        name=lambda: gettext("Check in"),
        about=lambda: gettext("Say where you are, and whether you are safe or need help. The area's security team reads it."),
        button=lambda: gettext("Send check-in"),
        done=lambda: gettext("Your check-in was recorded."),
    ),
    Kind(
        slug="change",
        message="MSG_AMEND",
        keys=frozenset({"changes"}),
        name=lambda: gettext("Change"),
        about=lambda: gettext("Say what changes in your trip. What is not touched by the change keeps its clearance."),
        button=lambda: gettext("Send change"),
        done=lambda: gettext("Your change was sent. The page below says what it means."),
    ),
    Kind(
        slug="withdraw",
        message="MSG_WITHDRAW",
        keys=frozenset({"reason"}),
        name=lambda: gettext("Withdraw"),
        about=lambda: gettext(
            "Nobody decides on the request any more, and a certificate that was issued becomes void. This cannot be undone."
        ),
        button=lambda: gettext("Withdraw the request"),
        done=lambda: gettext("The request was withdrawn."),
        is_grave=True,
    ),
    Kind(
        slug="suspend",
        message="MSG_REASSESS",
        keys=None,
        name=lambda: gettext("Suspend a clearance"),
        about=lambda: gettext(
            "The certificate stops counting at once, the travellers are told to travel no further, and the stop is decided "
            "again by those who decide it, within 24 hours."
        ),
        button=lambda: gettext("Suspend the clearance"),
        done=lambda: gettext("The clearance is suspended, and the travellers were told."),
    ),
    Kind(
        slug="revoke",
        message="MSG_REVOKE",
        keys=None,
        name=lambda: gettext("Revoke a clearance"),
        about=lambda: gettext(
            "The clearance ends at once, the certificate no longer counts, and the travellers are told to travel no further. "
            "Your decision is recorded and cannot be taken back; the travellers may ask once for reconsideration."
        ),
        button=lambda: gettext("Revoke the clearance"),
        done=lambda: gettext("The clearance was revoked, and the travellers were told."),
        is_grave=True,
    ),
    Kind(
        slug="withdraw-draft",
        message="MSG_WITHDRAW_ASSESSMENT",
        keys=frozenset({"reason"}),
        name=lambda: gettext("Withdraw"),
        about=lambda: gettext(
            "Nobody comments or decides on the draft any more. What is in force stays so. This cannot be undone."
        ),
        button=lambda: gettext("Withdraw the draft"),
        done=lambda: gettext("The draft was withdrawn."),
        is_grave=True,
    ),
)
