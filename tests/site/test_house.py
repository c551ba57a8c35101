"""The house itself: one command for people and machines, locks without hosts, set-up that speaks in sentences."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from webapp.setup import commands, node, postgresql, python, terminal
from webapp.setup.stamps import fingerprint, is_current, remember
from webapp.setup.terminal import ROOT, Stop, step

REGISTRIES = ("registry.npmjs" + ".org", "pypi" + ".org", "pythonhosted" + ".org")


def committed_files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    names = listed.stdout.decode().splitlines() or ["requirements.lock", "package-lock.json", ".npmrc", "Makefile"]
    return [path for path in (ROOT / name for name in names) if path.is_file()]


def test_no_file_names_a_registry():
    named = [
        str(path.relative_to(ROOT)) for path in committed_files() for host in REGISTRIES if host.encode() in path.read_bytes()
    ]

    assert not named


def test_every_locked_package_has_a_digest():
    python = (ROOT / "requirements.lock").read_text(encoding="utf-8").split("\n")
    browser = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]

    pinned = [number for number, line in enumerate(python) if line and not line.startswith((" ", "#"))]
    assert pinned
    assert all("--hash=sha256:" in python[number + 1] for number in pinned)
    assert all("integrity" in package and "resolved" not in package for name, package in browser.items() if name)


def test_the_build_machine_runs_what_people_run():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert [line for line in script.splitlines() if "make" in line] == ["CI=true exec make test"]


def test_make_offers_every_command_that_there_is():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert [name for name in commands.COMMANDS if f"\n{name}:" not in makefile] == []


def test_the_checks_leave_nothing_out():
    names = [name for name, _ in commands.CHECKS]

    assert names == ["ruff", "ruff format", "mypy", "import-linter", "vulture"]


def test_an_unknown_command_is_answered_with_those_that_exist():
    answer = subprocess.run([sys.executable, "-m", "webapp.setup", "fly"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert answer.returncode == 2
    assert "make run" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.fixture
def fetched(monkeypatch):
    """Note in which order setting up fetches what; nothing is fetched."""
    order = []
    monkeypatch.setattr(node, "find_node", lambda: Path("/usr/bin/node"))
    monkeypatch.setattr(node, "ensure_assets", lambda: order.append("pages"))
    monkeypatch.setattr(python, "ensure_packages", lambda: order.append("packages"))
    monkeypatch.setattr(commands, "_compile_translations", lambda: order.append("translations"))
    return order


def test_pages_are_built_while_the_python_packages_are_fetched(fetched, monkeypatch):
    both = threading.Barrier(2, timeout=20)
    monkeypatch.setattr(node, "ensure_assets", both.wait)
    monkeypatch.setattr(python, "ensure_packages", both.wait)

    assert commands.setup() == 0


def test_node_that_comes_with_the_python_packages_is_there_before_it_is_needed(fetched, monkeypatch):
    monkeypatch.setattr(node, "find_node", lambda: None)

    commands.setup()

    assert fetched[0] == "packages"
    assert {"pages", "translations"} <= set(fetched)


@pytest.mark.parametrize(("part", "way"), [(node, "ensure_assets"), (python, "ensure_packages")])
def test_whatever_cannot_be_fetched_stops_setting_up(fetched, monkeypatch, part, way):
    def refuse():
        raise Stop("The registry cannot be reached.")

    monkeypatch.setattr(part, way, refuse)

    with pytest.raises(Stop, match="registry"):
        commands.setup()


def test_a_step_that_fails_shows_its_last_lines_and_the_way_out(capfd):
    with pytest.raises(Stop) as stop:
        step("Trying", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], way_out="Do this.")

    assert str(stop.value) == "   | the reason\nTrying did not work. Do this."
    assert "Trying ..." in capfd.readouterr().out


def test_a_program_that_is_not_there_is_a_sentence():
    with pytest.raises(Stop, match=r"cannot be started .* Install it\."):
        step("Trying", ["/nowhere/program"], way_out="Install it.")


def test_a_step_is_done_again_only_when_its_content_changed(tmp_path):
    source = ROOT / "package.json"
    stamp = tmp_path / "stamp"
    content = fingerprint([source])

    assert not is_current(stamp, content)
    remember(stamp, content)
    assert is_current(stamp, fingerprint([source]))
    assert not is_current(stamp, fingerprint([source], "another version"))


def test_the_newest_postgresql_counts_as_a_number():
    assert sorted(["9", "15", "16"], key=postgresql._number, reverse=True) == ["16", "15", "9"]


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("1", True), ("", False), ("false", False)])
def test_a_build_machine_says_so(monkeypatch, value, expected):
    monkeypatch.setenv("CI", value)

    assert terminal.is_ci() is expected


def test_a_port_in_use_is_said_in_one_line():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "webapp.cli", "serve", "--port", str(port)]
        environment = {"PATH": "/usr/bin:/bin", "SAFECONDUCT_SECRET_KEY": "x" * 40, "PYTHONPATH": str(ROOT)}
        answer = subprocess.run(command, cwd=Path("/"), env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert answer.returncode == 1
    assert answer.stderr.startswith(f"Error: Port {port} of 127.0.0.1 cannot be used")
    assert "Traceback" not in answer.stderr
