"""Transport and browser defences, as a visitor of a production server meets them."""

import json
import os
import subprocess
import sys

import pytest

from tests.house import ROOT

# Asks the real production settings, in a process of its own: they cannot be tried on inside the tests' settings.
VISIT = """
import json, sys
import django
django.setup()
from django.test import Client
def told(response):
    return {"status": response.status_code, **{name.lower(): value for name, value in response.headers.items()}}
path = "/healthz"
from pavillon.activity.stream import _came_by_tls, headers_of_streams
from django.conf import settings as s
print(json.dumps({
    "plain_program": told(Client().get("/api/v1/directory/companies")),
    "stream": {name.lower(): value for name, value in headers_of_streams().items()},
    "stream_by_tls": [
        _came_by_tls({"scheme": "http"}, {b"x-forwarded-proto": b"https"}),
        _came_by_tls({"scheme": "https"}, {}),
        _came_by_tls({"scheme": "http"}, {b"x-forwarded-proto": b"http"}),
        _came_by_tls({"scheme": "http"}, {}),
    ],
    "cookies": [s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, s.COOKIE_PREFIX],
    "plain": told(Client().get("/account/login/")),
    "plain_probe": told(Client().get(path)),
    "secure": told(Client().get(path, secure=True)),
    "behind_proxy": told(Client(headers={"X-Forwarded-Proto": "https"}).get(path)),
}))
"""


@pytest.fixture(scope="module")
def visit(tmp_path_factory):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "x" * 60,
        "ALLOWED_HOSTS": "testserver",
        "PAVILLON_DATA": str(tmp_path_factory.mktemp("data")),
        "PAVILLON_DEMO": "",
        "TRUSTED_PROXIES": "1",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", VISIT],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.covers("SEC-07")
def test_plain_http_is_sent_to_https(visit):
    """In production a request without TLS is redirected, and browsers are told to stay on TLS for two years."""
    assert visit["plain"]["status"] == 301
    assert visit["plain"]["location"] == "https://testserver/account/login/"
    policy = visit["secure"]["strict-transport-security"]
    assert "max-age=63072000" in policy
    assert "includeSubDomains" in policy


def test_a_probe_without_tls_is_answered(visit):
    """The machine's own health check must not depend on the proxy's certificate."""
    assert visit["plain_probe"]["status"] == 200


def test_the_proxy_s_word_for_tls_is_believed(visit):
    assert visit["behind_proxy"]["status"] == 200


def test_programs_are_refused_in_clear_text_instead_of_redirected(visit):
    """A key that came in clear text is answered by no redirect that hides the mistake."""
    assert visit["plain_program"]["status"] == 403


def test_the_live_stream_asks_for_tls_and_says_what_pages_say(visit):
    assert visit["stream_by_tls"] == [True, True, False, False]
    for name in ("strict-transport-security", "x-content-type-options", "referrer-policy", "permissions-policy"):
        assert visit["stream"][name] == visit["secure"][name]
    assert "frame-ancestors 'none'" in visit["stream"]["content-security-policy"]


def test_cookies_are_bound_to_the_host_by_their_names(visit):
    assert all(name.startswith("__Host-") for name in visit["cookies"])


def policy_of(response):
    directives = response["content-security-policy"].split(";")
    return {words[0]: words[1:] for each in directives if (words := each.split())}


def test_scripts_and_styles_come_from_this_site_only(visit):
    policy = policy_of(visit["secure"])
    assert policy["default-src"] == ["'self'"]
    for name, sources in policy.items():
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"} & set(sources), name
    assert policy["object-src"] == ["'none'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == ["'none'"]
    assert policy["require-trusted-types-for"] == ["'script'"]
    assert policy["trusted-types"] == ["pavillon"]
    assert set(policy) >= {"script-src", "style-src", "base-uri", "form-action"}


def test_browsers_neither_guess_types_nor_frame_nor_tell_where_one_comes_from(visit):
    assert visit["secure"]["x-content-type-options"] == "nosniff"
    assert visit["secure"]["x-frame-options"] == "DENY"
    assert visit["secure"]["referrer-policy"] == "same-origin"
    assert visit["secure"]["cross-origin-opener-policy"] == "same-origin"


def test_static_files_and_the_editor_have_their_policies_too(client, db):
    """Every answer says a policy; the editor's is its own, which no other host and no other frame enters."""
    script = client.get("/static/ui/icon.svg")
    assert (script.status_code, script["X-Frame-Options"]) == (200, "DENY")
    assert policy_of(script)["base-uri"] == ["'none'"]
    editor = policy_of(client.get("/cms/login/"))
    assert editor["default-src"] == ["'self'"]
    assert (editor["base-uri"], editor["object-src"], editor["frame-ancestors"]) == (["'none'"], ["'none'"], ["'self'"])
    for sources in editor.values():
        assert not {"*", "http:", "https:", "'unsafe-eval'"} & set(sources)


def test_what_somebody_signed_in_reads_is_kept_nowhere(client, db):
    """Pages, refusals and the API say no-store; a stranger's page does not; signing out makes the browser forget."""
    from pavillon.accounts.tests import factories

    factories.places()
    cast = factories.cast()
    assert "no-store" not in client.get("/fr/").headers.get("Cache-Control", "")
    client.force_login(cast.tess)
    for path in ("/account/", "/people/999999/", "/api/v1/directory/companies"):
        assert "no-store" in client.get(path).headers["Cache-Control"], path
    assert "no-store" not in client.get("/static/ui/icon.svg").headers.get("Cache-Control", "")
    out = client.post("/account/logout/")
    assert out.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "Clear-Site-Data" not in client.post("/account/logout/").headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("TRACE", "/fr/"),
        ("PUT", "/fr/"),
        ("DELETE", "/account/"),
        ("FOO", "/api/v1/directory/companies"),
        ("PROPFIND", "/api/"),
    ],
)
def test_methods_that_no_page_takes_are_refused(client, method, path):
    answer = client.generic(method, path)
    assert answer.status_code == 405
    assert method not in answer["Allow"]


def test_production_refuses_to_start_without_a_secret():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.production", "SECRET_KEY": ""}
    done = subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


SHOWN = "from django.conf import settings as s; import json; print(json.dumps(s.DATABASES['default'], default=str))"


def started_with(url):
    production = {"DJANGO_SETTINGS_MODULE": "config.settings.production", "SECRET_KEY": "x" * 60}
    environment = {**os.environ, **production, "DATABASE_URL": url}
    for name in ("PGHOST", "PGSSLMODE"):
        environment.pop(name, None)
    return subprocess.run(
        [sys.executable, "-c", SHOWN], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.covers("SEC-07")
@pytest.mark.parametrize("asked", ["", "?sslmode=require", "?sslmode=verify-ca"])
def test_production_refuses_a_remote_database_without_verified_tls(asked):
    """TLS that proves nothing about the server is as good as none: the message says what to add."""
    done = started_with(f"postgresql://u:p@db.example/pavillon{asked}")
    assert done.returncode != 0
    assert "?sslmode=verify-full&sslrootcert=" in done.stderr


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ({"SMTP_HOST": "mail.example"}, "SMTP_TLS"),
        ({"MAIL_COPY_DOMAIN": "x.example", "MAIL_COPY_AUTHORITY": "y", "MAIL_COPY_HOST": "0.0.0.0"}, "MAIL_COPY_HOST"),
        ({"PAVILLON_CLAMD": "scanner.example:3310"}, "virus scanner"),
        ({"SMTP_HOST": "mail.example", "SMTP_TLS": "implicit", "PAVILLON_CLAMD": "/run/clamd.ctl"}, ""),
    ],
)
def test_production_refuses_mail_and_files_in_clear_text(told, word, monkeypatch):
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    done = started_with("postgresql:///pavillon")
    assert (done.returncode != 0) == bool(word)
    assert word in done.stderr


@pytest.mark.covers("SEC-07")
def test_what_database_url_asks_for_reaches_the_client():
    """Certificate, mode and server options arrive where Django connects; a local socket needs no TLS."""
    url = "postgresql://u:p@db.example/pavillon?sslmode=verify-full&sslrootcert=/etc/db.pem&options=-c%20work_mem%3D8MB"
    options = json.loads(started_with(url).stdout)["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["sslrootcert"] == "/etc/db.pem"
    assert options["options"].endswith("-c work_mem=8MB")
    assert "lock_timeout" in options["options"]
    for local in ("postgresql:///pavillon?host=/run/pg", "postgresql://u:p@127.0.0.1:5432/pavillon"):
        assert started_with(local).returncode == 0


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_of_a_client_is_what_our_own_proxies_saw(rf, settings, proxies, forwarded, address):
    """What a client writes into X-Forwarded-For itself never becomes its address in the logs."""
    from pavillon.core.trace import client_address

    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(rf.get("/", headers=headers)) == address


def test_cookies_are_for_tls_and_not_for_scripts():
    """The settings of production, read without starting them twice."""
    code = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SECURE)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.production", "SECRET_KEY": "x" * 60}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["True", "True", "Lax", "True"]


def test_no_page_of_ours_holds_inline_script_or_style():
    """The policy would refuse it in the browser; this says so before."""
    import re

    from tests.house import templates

    inline = re.compile(r"<style[ >]|<script(?![^>]*\bsrc=)[^>]*>|\sstyle=\"|\son[a-z]+=\"", re.IGNORECASE)
    guilty = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in templates()
        if path.suffix == ".html"
        for match in inline.finditer(path.read_text())
        if 'type="application/json"' not in match[0]
    ]
    assert not guilty, "\n".join(guilty)
