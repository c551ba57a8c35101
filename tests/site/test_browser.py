"""Which browser the tests drive: one without windows where it can be had, any other of the kind where it cannot."""

from __future__ import annotations

import shutil

import pytest

from webapp.setup import browser, system
from webapp.setup.terminal import Stop


@pytest.fixture
def machine(monkeypatch):
    """Give a function that makes up a machine: what is installed, and what can be."""

    def make(*installed: str, offered: tuple[str, ...] = ()) -> None:
        there = set(installed)

        def install(package: str, *, what: str) -> bool:
            there.update({package} & set(offered))
            return package in there

        monkeypatch.delenv("CHROMIUM", raising=False)
        monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}" if name in there else None)
        monkeypatch.setattr(system, "install", install)

    return make


@pytest.mark.parametrize(
    ("installed", "offered", "driven"),
    [
        (("chromium-headless-shell", "chromium"), (), "chromium-headless-shell"),
        (("chromium",), ("chromium-headless-shell",), "chromium-headless-shell"),
        (("google-chrome",), (), "google-chrome"),
        ((), ("chromium-headless-shell", "chromium"), "chromium-headless-shell"),
        ((), ("chromium",), "chromium"),
    ],
)
def test_the_browser_without_windows_comes_first(machine, installed, offered, driven):
    machine(*installed, offered=offered)

    assert browser.ensure_chromium() == browser.find_chromium() == f"/usr/bin/{driven}"


def test_a_browser_that_is_named_is_the_one(machine, monkeypatch):
    machine("chromium-headless-shell")
    monkeypatch.setenv("CHROMIUM", "/opt/browser")

    assert browser.ensure_chromium() == browser.find_chromium() == "/opt/browser"


def test_a_machine_without_any_says_how_to_get_one(machine):
    machine()

    assert browser.find_chromium() is None
    with pytest.raises(Stop, match="apt-get install chromium-headless-shell"):
        browser.ensure_chromium()
