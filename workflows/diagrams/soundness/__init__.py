"""Soundness: whether every case of a diagram can come to its end, proved by playing all of its moves.

Data is not looked at: each way out of a gateway is possible, each event may come, each person may finish. What is proved of all
these cases holds for the real ones too; what is found may need an unlucky combination, and is told as the moves that lead there.
"""

from __future__ import annotations

from workflows.diagrams.soundness.exploring import BUDGET, SOUND, Finding, Soundness, prove
from workflows.diagrams.soundness.stories import Told

__all__ = ["BUDGET", "SOUND", "Finding", "Soundness", "Told", "prove"]
