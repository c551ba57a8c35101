"""What differs between two versions of a process, in sentences that its owner reads."""

from __future__ import annotations

from workflows.comparing.diagrams import compare_diagrams
from workflows.comparing.differences import Difference
from workflows.comparing.forms import compare_forms
from workflows.comparing.tables import compare_tables
from workflows.comparing.texts import compare_manifests, compare_texts
from workflows.packages import Package

__all__ = ["Difference", "compare"]


def compare(old: Package, new: Package) -> list[Difference]:
    """Name everything that differs between two versions, in the order in which an owner looks at it; empty for none.

    What stands in a file without meaning anything to a case, such as where a shape is drawn, is no difference.
    """
    return [
        *compare_manifests(old, new),
        *compare_diagrams(old, new),
        *compare_tables(old, new),
        *compare_forms(old, new),
        *compare_texts(old, new),
    ]
