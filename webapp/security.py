"""What holds for every answer: closed by default, one content policy, no foreign forms, nothing kept in caches.

Source: OWASP ASVS 5.0 chapters 3, 4 and 14; the endpoint, not the path, decides (a path can be written in many ways).
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from werkzeug.exceptions import Forbidden, Unauthorized

from webapp.context import find_signed_in
from webapp.settings import Settings

PUBLIC_ENDPOINTS = frozenset(
    {
        "account.sign_in",
        "account.check_sign_in",
        "account.choose_language",
        "account_links.ask",
        "account_links.choose",
        "account_links.request_link",
        "account_links.show",
        "calendar.feed",
        "certificates.verify",
        "health.live",
    }
)
"""Endpoints that answer strangers. Every other one, also one not yet written, asks to sign in."""

CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR_S = int(timedelta(days=365).total_seconds())
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def content_policy(**additions: str) -> str:
    """Write the content policy; a page that needs more says so, as `content_policy(style_src_attr="'unsafe-inline'")`."""
    policy = CONTENT_POLICY | {name.replace("_", "-"): sources for name, sources in additions.items()}
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def init_security(app: Flask, settings: Settings) -> None:
    """Close an application: limits, cookies, guards before and headers after every request."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-safeconduct" if settings.https else "safeconduct",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        # The cookie is only sent again when something in it changed: the answer to a script in the background must not
        # put back a session that a form has changed meanwhile. A session so ends that long after signing in.
        SESSION_REFRESH_EACH_REQUEST=False,
        PREFERRED_URL_SCHEME="https" if settings.https else "http",
        TRUSTED_HOSTS=list(settings.hosts) or None,
        MAX_CONTENT_LENGTH=settings.upload_bytes,
        MAX_FORM_MEMORY_SIZE=settings.form_bytes,
        MAX_FORM_PARTS=settings.form_parts,
        # A page that was open for a day still sends: the token ends with the session, not before.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.before_request(refuse_foreign_origins)
    app.before_request(close_to_strangers)
    CSRFProtect(app)
    app.after_request(add_headers)


def refuse_foreign_origins() -> None:
    """Refuse a form that another site sends, before anything else looks at it."""
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or (origin and urlsplit(origin).netloc != request.host):
        raise Forbidden


def close_to_strangers() -> ResponseReturnValue | None:
    """Ask strangers to sign in, whatever they ask for and by whichever method."""
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS or find_signed_in():
        return None
    wants_page = not request.accept_mimetypes or request.accept_mimetypes.accept_html
    if request.method in {"GET", "HEAD"} and wants_page:
        wanted = request.full_path.rstrip("?")
        return redirect(url_for("account.sign_in", next=None if wanted == "/" else wanted))
    raise Unauthorized


def is_own_path(target: str | None) -> bool:
    """Tell whether a redirect target stays here: one slash, a path, nothing that a browser reads as another host."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return False
    return all(character.isprintable() and character != "\\" for character in target)


def add_headers(response: Response) -> Response:
    """Add what every answer carries. An answer for a person who is signed in is kept in no cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_policy())
    if find_signed_in() or "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR_S}; includeSubDomains"
    return response
