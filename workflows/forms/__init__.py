"""Forms (form-js schema): read them, check answers against them, fill them again."""

from __future__ import annotations

from workflows.forms.attachments import file_places, identities, named_files
from workflows.forms.fields import Choice, Choices, Field, FileLimits, Limits
from workflows.forms.form import EMPTY, Form, Page, PageUnknown
from workflows.forms.names import flatten, nest
from workflows.forms.reading import FormRefused, read_form

__all__ = [
    "EMPTY",
    "Choice",
    "Choices",
    "Field",
    "FileLimits",
    "Form",
    "FormRefused",
    "Limits",
    "Page",
    "PageUnknown",
    "file_places",
    "flatten",
    "identities",
    "named_files",
    "nest",
    "read_form",
]
