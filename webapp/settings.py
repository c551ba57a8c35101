"""Everything that differs between machines, read once from the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.mailers import ensure_gateway
from services.outbox import DEFAULT_ADDRESS

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"
EMBEDDED_DATABASE = f"sqlite:///{VAR / 'safeconduct.db'}"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation runs.

    Attributes:
        demo: Whether every page says that the data are invented.
        https: Whether a proxy in front speaks HTTPS: secure cookies, HSTS, and its forwarded headers are believed.
        hosts: Host names that are answered; none means any.
        address: Where people find this installation; links in mails begin with it.
        mail: Where mails go, as `smtp://user:password@host:port`; none writes them to the log.
        sms: The mail address of a gateway for short messages, with `{number}` in it; none: phones hear of nothing.
        locale: The language of a visitor whose own is not offered.
        zone: The time zone of pages that belong to no area.
    """

    database_url: str = EMBEDDED_DATABASE
    secret_key: str
    demo: bool = False
    https: bool = False
    hosts: tuple[str, ...] = ()
    address: str = DEFAULT_ADDRESS
    mail: str | None = None
    mail_from: str = "safeconduct@localhost"
    sms: str = ""
    locale: str = "en"
    zone: str = "UTC"
    session_hours: int = 12
    upload_bytes: int = 55 * MEGABYTE
    form_bytes: int = 2 * MEGABYTE
    form_parts: int = 3_000

    @property
    def is_embedded(self) -> bool:
        """Tell whether the database is a file of ours, so that one process does everything."""
        return self.database_url.startswith("sqlite")


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; everything has a default that works on a developer's machine.

    Raises:
        GatewayUnfit: The gateway for short messages is no address of one.
    """

    def value(name: str, default: str = "") -> str:
        return environment.get(f"SAFECONDUCT_{name}", default).strip()

    return Settings(
        database_url=value("DATABASE_URL") or EMBEDDED_DATABASE,
        secret_key=value("SECRET_KEY") or _own_secret(VAR / "secret.key"),
        demo=_is_true(value("DEMO")),
        https=_is_true(value("HTTPS")),
        hosts=tuple(name for name in value("HOSTS").replace(",", " ").split() if name),
        address=value("ADDRESS", DEFAULT_ADDRESS),
        mail=value("MAIL") or None,
        mail_from=value("MAIL_FROM", "safeconduct@localhost"),
        sms=ensure_gateway(value("SMS")),
        locale=value("LOCALE", "en"),
        zone=value("ZONE", "UTC"),
    )


def _is_true(text: str) -> bool:
    return text.lower() in {"1", "true", "yes", "on"}


def _own_secret(path: Path) -> str:
    """Keep one secret per machine in a file that only its owner reads."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()
