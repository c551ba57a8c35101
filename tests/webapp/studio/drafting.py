"""Owners at their drafts, through the pages."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any

from tests.accounts import token_of

OWNER, SECOND, STRANGER = "pavel.eriksen", "rosa.whitmore", "lina.marchetti"
KEY = "aviation_advice"
DIAGRAM = "avn_operator_advice.bpmn"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A draft in the browser of its owner."""

    owner: Any
    address: str

    def get(self, place: str = "") -> Any:
        return self.owner.get(self.address + place)

    def post(self, place: str, **typed: Any) -> Any:
        return self.owner.post(self.address + place, **typed)

    def put(self, name: str, content: bytes, *, revision: int = 1) -> Any:
        token = token_of(self.owner.client.get("/profile").text)
        headers = {"If-Match": f'"{revision}"', "X-CSRFToken": token}
        return self.owner.client.put(f"{self.address}/files/{name}", data=content, headers=headers)

    def read(self, name: str) -> bytes:
        return self.get(f"/files/{name}").data

    def send(self, name: str, content: bytes) -> Any:
        answer = self.post("/import", file=(io.BytesIO(content), name))
        answer.request.environ["wsgi.input"].close()  # the client leaves the file behind that it wrote a large body into
        return answer

    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.get("/export").data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


def begin(owner: Any, key: str = KEY) -> Draft:
    """Begin a draft of a process."""
    return Draft(owner=owner, address=owner.post(f"/studio/processes/{key}/drafts").location)


def zipped(*entries: tuple[Any, bytes]) -> bytes:
    """Pack files, whatever their names."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return target.getvalue()


def hidden(page: str, name: str) -> str:
    """Read a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def shown(page: str) -> str:
    """Read what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))
