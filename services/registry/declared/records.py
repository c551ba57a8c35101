"""What was done in the registers themselves, for auditors."""

from __future__ import annotations

from services.models.register_changes import RegisterChange
from services.registry.reaches import AUDITOR
from services.registry.shape import Column, Kind, Register

ACT_TITLES = {"ADDED": "Added", "CHANGED": "Changed", "EXPORTED": "Exported"}

CHANGES = Register(
    key="register-changes",
    family="records",
    title="Changes and exports",
    about="Who changed which entry of a register and why, and who exported which list.",
    model=RegisterChange,
    identity=("number",),
    label="register",
    order=("-number",),
    columns=(
        Column("number", "Number", Kind.NUMBER, listed=True),
        Column("at", "When", Kind.MOMENT, listed=True),
        Column("by", "Who", Kind.PERSON, listed=True, filtered=True, searched=True),
        Column("act", "Act", Kind.CHOICE, options=ACT_TITLES, listed=True, filtered=True),
        Column("register", "Register", Kind.REGISTER, listed=True, filtered=True),
        Column("entry", "Entry", listed=True, filtered=True, searched=True),
        Column("reason", "Reason", Kind.PROSE, searched=True),
        Column("before", "Before", Kind.PROSE),
        Column("after", "After", Kind.PROSE),
    ),
    valid_from="at",
    readers=AUDITOR,
    written_by="It is written by every change and every export, and the database refuses to change it.",
)

REGISTERS = (CHANGES,)
