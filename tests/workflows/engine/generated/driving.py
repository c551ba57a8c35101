"""Drives the engine and the model through the same story, with the state saved and restored before every act."""

from __future__ import annotations

import copy
import re
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from SpiffWorkflow.task import Task

from tests.workflows.engine.conftest import TestHost
from tests.workflows.engine.generated.nets import KEY, NAMES, Net
from tests.workflows.engine.generated.standing import Move
from tests.workflows.engine.generated.token_game import TokenGame
from workflows import diagrams, engine
from workflows.engine.changes import Changes
from workflows.engine.run import MOST_STEPS

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
MOST_TOKENS = 25
STEPS_OF_AN_ACT = 400
GIVEN = {"x": 0, "y": 1, "z": 2, "key": KEY}


class Watched(engine.Run):
    """A run that also tells in which subprocess run and repetition each step of the trail was made."""

    def note(self, kind: str, task: Task) -> None:
        super().note(kind, task)
        parent = task.workflow.parent_task
        scope = None if parent is None else str(parent.id)
        moves.append(Move(kind, task.task_spec.name, str(task.id), scope, task.internal_data.get("body")))


moves: list[Move] = []


@dataclass(frozen=True)
class Act:
    """Something that happens from outside: what, with which choice among the possible ones and which numbers."""

    choice: int
    number: int
    answer: int
    variable: str


class Story:
    """A case, in the engine and in the model.

    `kept` goes on from its stored state before every act; `live` is the same case that was never stored.
    """

    def __init__(self, net: Net) -> None:
        self.net, self.now, self.host = net, NOON, TestHost({})
        diagram = diagrams.read_diagram(net.xml().encode(), name="generated.bpmn")
        self.program = engine.compile_diagrams([diagram], main="main")
        self.game = TokenGame(net, GIVEN, NOON)
        self.stored: bytes | None = None
        run = Watched(self.program, host=self.host, now=NOON)
        self.is_begun = self._carry_out(run, self.game, lambda run: run.begin(GIVEN))
        self.live: engine.Run = run

    def _carry_out(self, run: engine.Run, game: TokenGame, act: Callable[[engine.Run], object]) -> bool:
        """Let the engine act and the model follow. Answers False when both give up."""
        moves.clear()
        run.steps = MOST_STEPS - STEPS_OF_AN_ACT
        refusal: engine.StepFailed | None = None
        try:
            act(run)
        except engine.StepFailed as failure:
            refusal = failure
        game.play(moves)
        if refusal is not None:
            assert game.failed or "without waiting" in refusal.cause, refusal
            return False
        assert not game.failed, f"the engine went on although {game.failed}"
        game.rest()
        self._compare(run, game)
        self.game, self.stored = game, engine.save(run)
        return True

    def _compare(self, run: engine.Run, game: TokenGame) -> None:
        there, meant = marking_of(run), game.marking()
        assert there == meant, f"too many: {dict(there - meant)}, lost: {dict(meant - there)}"
        assert set(run.open_tokens) == game.open_tasks()
        assert len(run.open_tokens) == len(set(run.open_tokens))
        assert (run.status == "completed") == game.is_over
        assert comparable(run.variables) == comparable(game.root.variables or {})
        assert run.status == "completed" or run.waiting_elements

    def restored(self) -> engine.Run:
        assert self.stored is not None
        run = engine.restore(self.program, self.stored, host=self.host, now=self.now)
        run.__class__ = Watched
        assert engine.save(run) == self.stored
        return run

    @property
    def goes_on(self) -> bool:
        return self.is_begun and not self.game.is_over and sum(self.game.marking().values()) < MOST_TOKENS

    def act(self, act: Act) -> None:
        """Carry out one act on the restored case and on the one that was never stored, and compare them."""
        run, game = self.restored(), copy.deepcopy(self.game)
        game.begin(self.now)
        choices: list[tuple[str, Any]] = [("complete", place) for place in range(len(run.open_tokens))] * 2
        choices += [(kind, name) for kind in ("message", "signal") for name in NAMES[kind] if self._waits(game, kind, name)]
        choices += [("message", "M1 of another case")]
        if run.wake_at is not None:
            choices += [("wait", 0), ("wait", act.number * 7)]
        what, which = choices[act.choice % len(choices)]
        answers = {act.variable: act.answer}
        before = run.open_tokens
        if self._carry_out(run, game, lambda run: getattr(self, f"_{what}")(run, game, which, answers)):
            assert self.live.open_tokens == before
            self._repeat_live(lambda live: getattr(self, f"_{what}")(live, None, which, answers), run)
            self.live = run
        else:
            self.live = self.restored()

    def _repeat_live(self, act: Callable[[engine.Run], object], run: engine.Run) -> None:
        """Do the same to the run in memory: it must take the same steps and come to the same state, new ids apart."""
        live = self.live
        live.changes, live.steps = Changes(), 0  # What a caller would find in a run that was restored.
        act(live)
        assert trail_of(live) == trail_of(run)
        assert anonymous(live) == anonymous(run)

    def _waits(self, game: TokenGame, kind: str, name: str) -> bool:
        return any(catcher.node.name == name for catcher in game._armed(kind))

    # Acts. Without a model they are the repetition on the run in memory.

    def _complete(self, run: engine.Run, game: TokenGame | None, which: int, answers: dict[str, Any]) -> None:
        token = run.open_tokens[which]
        if game is not None:
            game.complete(token, answers)
        run.complete(token, answers)

    def _message(self, run: engine.Run, game: TokenGame | None, which: str, answers: dict[str, Any]) -> None:
        key = "another" if " " in which else KEY
        receivers = game.send(which[:2], key, answers) if game is not None else None
        caught = run.send(which[:2], key, answers)
        assert receivers in (None, caught)

    def _signal(self, run: engine.Run, game: TokenGame | None, which: str, answers: dict[str, Any]) -> None:
        if game is not None:
            game.signal(which, {})
        run.signal(which, {})

    def _wait(self, run: engine.Run, game: TokenGame | None, which: int, answers: dict[str, Any]) -> None:
        if game is not None and run.wake_at is not None:
            self.now = max(run.wake_at, self.now) + timedelta(minutes=which)
            game.wait(self.now)
        run.now = self.now
        run.tick()


def marking_of(run: engine.Run) -> Counter[tuple[str, str, str | None]]:
    """Everything that stands somewhere in the engine, as `TokenGame.marking` tells it."""
    found: Counter[tuple[str, str, str | None]] = Counter()
    for workflow in run.workflow.workflows():
        scope = None if workflow.parent_task is None else str(workflow.parent_task.id)
        for task in workflow.tokens():
            facts = task.internal_data
            waits = "host" in facts or "gateway" in facts or not task.task_spec.keeps_alive(task)
            role = "waiting" if waits else "body" if "loop" in facts else "token"
            found[role, task.task_spec.name, scope] += 1
    return found


def trail_of(run: engine.Run) -> list[tuple[str, str]]:
    return [(step.kind, step.element) for step in run.changes.trail]


def comparable(variables: dict[str, Any]) -> dict[str, Any]:
    """The variables without the sentence of an error, which is the engine's own."""
    return {name: value for name, value in variables.items() if name != "errorMessage"}


def anonymous(run: engine.Run) -> str:
    """The state of a run with its ids numbered in the order in which they occur."""
    text = zlib.decompress(engine.save(run)).decode()
    seen: dict[str, str] = {}
    return ID.sub(lambda found: seen.setdefault(found[0].replace("-", ""), f"id{len(seen)}"), text)
