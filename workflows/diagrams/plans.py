"""How an activity is repeated, and how an ad-hoc subprocess chooses, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Loop:
    """How often an activity is repeated; every text is raw.

    Attributes:
        kind: "parallel" or "sequential" (one run per entry of a list), or "standard" (as long as a condition holds).
        cardinality: How many runs, where no list is named.
        condition: Standard loop: go on as long as it holds.
        test_before: Standard loop: ask before the first run, instead of after each.
        maximum: Standard loop: at most so many runs.
    """

    kind: str
    input_collection: str | None = None
    input_element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None
    completion_condition: str | None = None
    cardinality: str | None = None
    condition: str | None = None
    test_before: bool = False
    maximum: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdHoc:
    """How an ad-hoc subprocess chooses among the elements inside; every text is raw.

    Attributes:
        active_elements: Which of them begin, as a list of ids; None for all that no flow leads to.
        completion_condition: Asked whenever one of them is done; when it holds, the subprocess is done.
        cancels_remaining: Whether the others are given up then, or waited for.
        sequential: Whether they are done one after the other.
    """

    active_elements: str | None = None
    completion_condition: str | None = None
    cancels_remaining: bool = True
    sequential: bool = False
    output_collection: str | None = None
    output_element: str | None = None
