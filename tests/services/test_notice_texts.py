"""Where the text of a notice comes from."""

from __future__ import annotations

from pathlib import Path

from services import definitions, notices

FOLDER = Path(__file__).parent / "processes" / "leave_request"


def test_a_process_has_its_own_texts_and_the_common_ones() -> None:
    package = definitions.read_folder(FOLDER)

    own, common = notices.find_text(package, "N-LV-01"), notices.find_text(package, "N-ALL-03")

    assert own is package.messages["N-LV-01"]
    assert common is notices.common()["N-ALL-03"]
    assert notices.find_text(package, "N-NO-TEXT") is None
    assert notices.find_text(None, "N-LV-01") is None


def test_every_common_text_says_what_kind_of_notice_it_is() -> None:
    assert [code for code, text in notices.common().items() if code.startswith("N-") and text.kind is None] == []
    assert {text.kind for text in notices.common().values()} >= {"task"}
    assert notices.kind_of(None) == "decision"
