"""The address of the link by which somebody chooses a password."""

from __future__ import annotations

from services.account_links import PATH, seal
from services.models.account_links import AccountLink
from webapp.settings import Settings


def say_link(settings: Settings, link: AccountLink) -> str:
    """Write the address of a link, to be handed over where no mail brings it."""
    return f"{settings.address.rstrip('/')}{PATH}{seal(settings.secret_key, link.nonce)}"
