"""Ways out of the house for letters: by SMTP, into a folder, into the log, or only into memory."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.outbox import DEFAULT_ADDRESS, Letter, Mailer
from workflows.errors import SafeconductError

TIMEOUT_S = 20
_log = logging.getLogger("safeconduct.mail")


@dataclass(frozen=True, kw_only=True)
class SmtpMailer:
    """Sends through a mail server. `tls` says "starttls", "tls" or "none"."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "starttls"
    address: str = DEFAULT_ADDRESS
    gateway: str = ""
    seal: Callable[[str], str] = str

    def send(self, letter: Letter) -> None:
        """Send it, to the phone first; anything that goes wrong is an OSError, as smtplib's errors are."""
        connect = smtplib.SMTP_SSL if self.tls == "tls" else smtplib.SMTP
        with connect(self.host, self.port, timeout=TIMEOUT_S) as server:
            if self.tls == "starttls":
                server.starttls()
            if self.user:
                server.login(self.user, self.password)
            for mail in letter.as_mails(self.sender, self.address, self.gateway, self.seal):
                server.send_message(mail)


@dataclass(frozen=True, kw_only=True)
class FolderMailer:
    """Writes each letter into a file; the same letter twice is one file."""

    folder: Path
    sender: str = "safeconduct@localhost"
    address: str = DEFAULT_ADDRESS
    gateway: str = ""
    seal: Callable[[str], str] = str

    def send(self, letter: Letter) -> None:
        """Write it down."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for mail in letter.as_mails(self.sender, self.address, self.gateway, self.seal):
            name = mail["Message-ID"].strip("<>").replace("/", "_")
            (self.folder / f"{name}.eml").write_bytes(bytes(mail))


class LogMailer:
    """Notes in the log that a letter would have gone; never its content, which is not for the log's readers."""

    def send(self, letter: Letter) -> None:
        """Note it."""
        _log.info("mail %s to %s", letter.code, letter.person)


@dataclass(kw_only=True)
class MemoryMailer:
    """Keeps letters for tests and scenarios."""

    letters: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        """Keep it."""
        self.letters.append(letter)


class GatewayUnfit(SafeconductError):
    """{gateway} is no address of a gateway for short messages: it needs {place} in it, such as {place}@sms.example.org."""


def ensure_gateway(gateway: str) -> str:
    """Return the address of a gateway for short messages; empty, there is none.

    Raises:
        GatewayUnfit: It says nowhere where the number belongs.
    """
    if gateway and not ("{number}" in gateway and "@" in gateway):
        raise GatewayUnfit(gateway=gateway, place="{number}")
    return gateway


def mailer_for(
    server: str | None,
    *,
    sender: str,
    address: str = DEFAULT_ADDRESS,
    gateway: str = "",
    seal: Callable[[str], str] = str,
) -> Mailer:
    """Make the mailer that a setting names: `smtp://user:password@host:port`, `smtps://…`, `file:///folder`, or the log.

    Args:
        address: Where people find this installation; the links in mails begin with it.
        seal: Writes what opens a link to its receiver alone, see `services.account_links.seal`.
        gateway: The mail address of a gateway for short messages, with `{number}` in it; empty: phones hear of nothing.
    """
    if not server:
        return LogMailer()
    parts = urlsplit(server)
    if parts.scheme == "file":
        return FolderMailer(folder=Path(parts.path), sender=sender, address=address, gateway=gateway, seal=seal)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls = "tls" if parts.scheme == "smtps" else "starttls" if user else "none"
    port = parts.port or {"tls": 465, "starttls": 587, "none": 25}[tls]
    host = parts.hostname or "localhost"
    way = {"host": host, "user": user, "password": password, "tls": tls}
    return SmtpMailer(port=port, sender=sender, address=address, gateway=gateway, seal=seal, **way)
