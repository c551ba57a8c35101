"""Files that come into the studio from outside, most of them with bad intentions, and files that leave it; new processes."""

from __future__ import annotations

import base64
import io
import stat
import zipfile

import pytest

from tests.webapp.studio.drafting import DIAGRAM, KEY, OWNER, begin, hidden, shown, zipped

BPMN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
LINK = zipfile.ZipInfo("forms/link.form")
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16
BOMB = b"0" * 40_000_000
HOSTILE = {
    "an entity": ("x.bpmn", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', 422, "document type"),
    "a deep one": ("x.bpmn", b"<a>" * 5000 + b"</a>" * 5000, 422, "deep"),
    "many elements": ("x.bpmn", b"<a>" + b"<b/>" * 30_000 + b"</a>", 422, "more than 20000 elements"),
    "broken XML": ("x.bpmn", b"<a><b></a>", 422, "not well-formed"),
    "a page": ("x.bpmn", b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>', 422, "not BPMN 2.0"),
    "a namespace that is not BPMN": (
        "x.bpmn",
        b'<definitions xmlns="urn:other"><process id="p"/></definitions>',
        422,
        "not BPMN 2.0",
    ),
    "a table that is none": ("x.dmn", b'<definitions xmlns="urn:other"/>', 422, "not a DMN file"),
    "another encoding": ("x.bpmn", "<a/>".encode("utf-16"), 422, "encoding"),
    "a form that is none": ("x.form", b"[1]", 422, "not a form"),
    "settings that are none": ("process.toml", b"title = ", 422, "not TOML"),
    "a scenario that is none": ("x.yaml", b"!!python/object/apply:os.system [ls]", 422, "not YAML"),
    "a program": ("x.exe", b"MZ", 422, "no file like"),
    "a name with a path": ("..\\..\\x.sh", b"#!", 422, "no file like"),
    "a large file": ("x.bpmn", b"0" * 50_000_000, 413, "too much"),
    "an empty one": ("x.bpmn", b"", 422, "empty"),
    "a zip that is none": ("x.zip", b"PK nothing", 422, "no zip file"),
    "an empty zip": ("x.zip", zipped(), 422, "empty"),
    "a bomb": ("x.zip", zipped(("README.md", BOMB)), 413, "too much"),
    "many files": ("x.zip", zipped(*((f"forms/{number}.form", b"") for number in range(600))), 413, "too much"),
    "a way out": ("x.zip", zipped(("../../process.toml", b"")), 422, "leads out of its folder"),
    "an absolute name": ("x.zip", zipped(("/etc/cron.d/x", b"")), 422, "leads out of its folder"),
    "a drive": ("x.zip", zipped(("C:/x.bpmn", b"")), 422, "leads out of its folder"),
    "a link": ("x.zip", zipped((LINK, b"/etc/passwd")), 422, "leads out of its folder"),
    "a file that is none of a process": ("x.zip", zipped(("process.toml", b""), ("run.sh", b"rm")), 422, "no file called"),
}


@pytest.fixture
def draft(enter):
    return begin(enter(OWNER))


def test_hostile_files_get_a_clear_word_change_nothing_and_run_nothing(draft):
    before = draft.get("/export").data

    for what, (name, content, status, word) in HOSTILE.items():
        answer = draft.send(name, content)

        assert answer.status_code == status, what
        assert word in shown(answer.text), what
        assert "<script>alert" not in answer.text, what
        assert "root:" not in answer.text, what
    assert draft.get("/export").data == before


def test_words_of_a_diagram_are_shown_as_text_and_never_as_tags(draft):
    label = b"&lt;img src=x onerror=alert(1)&gt;"
    content = draft.read(DIAGRAM).replace(b'name="Decide', b'name="' + label + b"Decide", 1)

    preview = draft.send(DIAGRAM, content)
    taken = draft.post("/import/take", bundle=hidden(preview.text, "bundle"), revision=hidden(preview.text, "revision"))

    assert (preview.status_code, taken.status_code) == (200, 303)
    for place in ("/check", "/compare", f"/outline/{DIAGRAM}", "/texts"):
        page = draft.get(place).text
        assert "<img" not in page, place
    assert "&lt;img" in draft.get(f"/outline/{DIAGRAM}").text


def test_an_import_is_previewed_and_then_taken_once(draft):
    whole = draft.files()
    fewer = {name: content for name, content in whole.items() if name != "README.md"}
    bundle = zipped(*((f"{KEY}/{name}", content) for name, content in fewer.items()), ("__MACOSX/._x", b"x"))

    preview = draft.send("folder.zip", bundle)

    assert "Files that go (1)" in shown(preview.text)
    assert "README.md" in draft.files()
    typed = {"bundle": hidden(preview.text, "bundle"), "revision": hidden(preview.text, "revision")}
    assert draft.post("/import/take", **typed).status_code == 303
    assert draft.files() == {name: content for name, content in whole.items() if name != "README.md"}
    assert draft.post("/import/take", **typed).status_code == 409
    assert draft.post("/import/take", bundle="no base64!", revision=9).status_code == 400
    # An editor that was open before must not save over the files that came.
    assert draft.put(DIAGRAM, b"<a/>", revision=1).status_code == 412


def test_what_comes_is_looked_at_again_when_it_is_taken(draft):
    evil = base64.b64encode(zipped(("x.bpmn", b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'))).decode()

    assert draft.post("/import/take", bundle=evil, revision=1).status_code == 422
    assert "x.bpmn" not in draft.files()


def test_what_leaves_is_what_is_there(draft):
    version = draft.owner.get(f"/studio/processes/{KEY}/versions/1/export")

    assert version.status_code == 200
    assert version.headers["Content-Disposition"] == f'attachment; filename="{KEY}-1.zip"'
    with zipfile.ZipFile(io.BytesIO(version.data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == draft.files()
    assert "The files are the same as in the draft." in draft.send("a.zip", version.data).text


@pytest.mark.parametrize(("source", "prefix"), [("four_eyes", "ACC"), ("risk_assessment", "RSK"), ("crisis_plan", "PLT")])
def test_a_new_process_begins_as_a_building_block_that_could_be_published(enter, source, prefix):
    owner = enter(OWNER)
    said = {"title": 'Access "to" a site', "key": "site_access", "prefix": prefix, "source": source}

    begun = owner.post("/studio/new", **said)

    assert begun.status_code == 303
    told = owner.get(f"{begun.location}/check?as=json").json
    assert [finding for finding in told["findings"] if not finding["advice"]] == []
    assert set(told["proved"].values()) == {"sound"}
    assert "Access &#34;to&#34; a site" in owner.get(f"{begun.location}/check").text
    assert "There is a process with the key site_access already." in owner.post("/studio/new", **said).text


def test_a_new_process_begins_as_a_diagram_or_says_what_is_missing(enter):
    owner = enter(OWNER)
    diagram = f'<definitions {BPMN} targetNamespace="urn:t"><process id="p" isExecutable="true"/></definitions>'.encode()
    said = {"title": "Mine", "key": "mine", "prefix": "MIN", "source": "diagram"}

    without = owner.post("/studio/new", **said)
    hostile = owner.post("/studio/new", **said, diagram=(io.BytesIO(b"<!DOCTYPE a><a/>"), "a.bpmn"))
    begun = owner.post("/studio/new", **said, diagram=(io.BytesIO(diagram), "a.bpmn"))
    wrong = owner.post("/studio/new", title="", key="Ä b", prefix="AVN", source="else")

    assert (without.status_code, hostile.status_code, begun.status_code, wrong.status_code) == (422, 422, 303, 422)
    assert "a file that ends in .bpmn" in without.text
    assert "document type" in hostile.text
    assert owner.get(f"{begun.location}/files/main.bpmn").data == diagram
    for word in (
        "Give the process a title",
        "The key must be",
        "numbers its cases with AVN",
        "Choose what the process begins as",
    ):
        assert word in wrong.text
