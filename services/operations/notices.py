"""Notices to people, by code; their texts are the process owner's."""

from __future__ import annotations

from typing import Any

from services.operations.catalogue import operation
from services.operations.work import Work


@operation("notify.send")
def send(
    work: Work,
    *,
    code: str,
    to: str | list[Any] | None,
    facts: dict[str, Any] | None,
    area: str | None,
    organisation: str | None,
    line: str | None,
    urgent: bool | None,
) -> dict[str, Any]:
    """Send a notice to persons (their codes have a dot) or to the holders of roles; nobody is sent nothing."""
    receivers = [to] if isinstance(to, str) else [str(one) for one in to or [] if one]
    work.notify(code, receivers, facts=facts or {}, area=area, organisation=organisation, line=line, urgent=bool(urgent))
    return {}
