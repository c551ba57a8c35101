"""What holds for every address: strangers stay outside, foreign forms are refused, every answer carries its headers."""

from __future__ import annotations

import pytest

from tests.accounts import LOGIN, token_of
from webapp.security import PUBLIC_ENDPOINTS, content_policy

SAMPLES = {"AnyConverter": "csv", "IntegerConverter": 1, "UUIDConverter": "00000000-0000-0000-0000-000000000000"}


def addresses(app):
    """Yield every endpoint with its methods and one address that leads to it."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values = {name: SAMPLES.get(type(converter).__name__, "x") for name, converter in rule._converters.items()}
            yield rule.endpoint, sorted(rule.methods), app.url_for(rule.endpoint, **values, _external=False)


def test_every_address_asks_strangers_to_sign_in(app, client):
    opened = []
    for endpoint, methods, address in addresses(app):
        for method in methods:
            if endpoint in PUBLIC_ENDPOINTS:
                continue
            answer = client.open(address, method=method, headers={"Accept": "text/html"})
            to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
            if not to_sign_in and answer.status_code not in {400, 401}:
                opened.append(f"{method} {address}: {answer.status_code}")

    assert not opened


def test_every_public_endpoint_is_one_that_strangers_need(app):
    known = {rule.endpoint for rule in app.url_map.iter_rules()}

    assert {"account.sign_in", "account.check_sign_in", "account.choose_language", "health.live"} <= PUBLIC_ENDPOINTS & known
    assert PUBLIC_ENDPOINTS - known <= {"certificates.verify"}


OTHER_SPELLINGS = [
    "/Profile",
    "/profile;x",
    "//profile",
    "/profile/",
    "/%70rofile",
    "/static/../profile",
    "/profile%00",
    "/profile%2e",
]


@pytest.mark.parametrize("address", OTHER_SPELLINGS)
def test_other_ways_to_write_an_address_open_nothing(client, address):
    answer = client.get(address, headers={"Accept": "text/html"})

    assert answer.status_code in {302, 308, 404}
    assert LOGIN not in answer.text


def test_a_method_cannot_be_written_over(client):
    answer = client.get("/profile", headers={"X-HTTP-Method-Override": "POST", "Accept": "text/html"})

    assert answer.status_code == 302


def test_no_form_is_taken_without_its_token(app, reader):
    taken = []
    for endpoint, methods, address in addresses(app):
        for method in {"POST", "PUT", "PATCH", "DELETE"} & set(methods):
            answer = reader.open(address, method=method)
            if answer.status_code != 400:
                taken.append(f"{method} {address} ({endpoint}): {answer.status_code}")

    assert not taken


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_of_another_site_is_refused(reader, headers):
    token = token_of(reader.get("/profile").text)

    assert reader.post("/language", data={"csrf_token": token, "locale": "zh"}, headers=headers).status_code == 403


@pytest.mark.parametrize("address", ["/sign-in", "/profile", "/nothing-here", "/health/live"])
def test_every_answer_carries_its_headers(reader, address):
    headers = reader.get(address).headers

    assert headers["Content-Security-Policy"] == content_policy()
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Cookie" in headers["Vary"]
    assert "Strict-Transport-Security" not in headers


def test_https_brings_strict_transport_and_locked_cookies(make_app, sqlite_database):
    client = make_app(sqlite_database, https=True).test_client()

    answer = client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})

    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-safeconduct=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_forwarded_headers_are_believed_only_behind_https(client):
    assert "Strict-Transport-Security" not in client.get("/sign-in", headers={"X-Forwarded-Proto": "https"}).headers


def test_a_page_may_ask_for_more_and_gets_only_that():
    policy = content_policy(style_src_attr="'unsafe-inline'")

    assert policy.startswith(content_policy())
    assert policy.endswith("style-src-attr 'unsafe-inline'")


@pytest.mark.parametrize(
    ("settings", "body"),
    [
        ({"upload_bytes": 1000}, {"login": "x" * 2000}),
        ({"form_bytes": 1000}, {"login": "x" * 2000}),
        ({"form_parts": 5}, {f"field{number}": "x" for number in range(20)}),
    ],
)
def test_too_much_at_once_is_refused_in_a_sentence(make_app, sqlite_database, settings, body):
    client = make_app(sqlite_database, **settings).test_client()

    answer = client.post("/sign-in", data=body, content_type="multipart/form-data")

    assert answer.status_code == 413
    assert "This is too much to send at once" in answer.text


def test_only_named_hosts_are_answered(make_app, sqlite_database):
    client = make_app(sqlite_database, hosts=("clear.example.org",)).test_client()

    assert client.get("/health/live", base_url="http://clear.example.org").status_code == 200
    assert client.get("/health/live", base_url="http://evil.example").status_code == 400


def test_built_files_are_kept_for_good_and_sniffed_by_nobody(client):
    from webapp.statics import asset

    with client.get(asset("site.css")) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
