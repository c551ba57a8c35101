"""Attached files, given back as downloads and never shown as pages of ours."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from services import questions
from webapp.context import actor, database, now

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/attachments/<attachment_id>")
def download(attachment_id: str) -> ResponseReturnValue:
    """Give a file to somebody who may see it."""
    with database().reading() as session:
        file = questions.open_file(session, attachment_id, actor=actor(), now=now())
        name, content, media_type = file.name, file.content, file.media_type
    answer = send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
