"""Running a folder of decision models with test cases in the format that the DMN conformance kit uses (testCases.xsd)."""

from __future__ import annotations

from workflows.dmn.conformance.running import Verdict, run_folder

__all__ = ["Verdict", "run_folder"]
