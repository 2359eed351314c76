"""What a refusal looks like: in the reader's language, signed in or not, on a phone and on a desk, without a fault."""

import logging
import re
import subprocess
import sys

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.test import Client
from playwright.sync_api import expect

from pavillon.accounts.tests import factories
from pavillon.reference import queries
from tests.browser import BY_LOOK, dark_and_narrow

WORDS = {
    ("fr", 403): "Cette page ne vous est pas ouverte",
    ("en", 403): "This page is not open to you",
    ("fr", 404): "Il n’y a rien ici",
    ("en", 404): "Nothing is here",
    ("fr", 500): "Un incident s’est produit de notre côté",
    ("en", 500): "Something broke on our side",
}


@pytest.fixture
def cast(transactional_db):
    factories.places()
    return factories.cast()


@pytest.fixture
def broken(monkeypatch):
    """The page "about the data" fails."""

    def fail():
        raise RuntimeError("broken for the test")

    monkeypatch.setattr(queries, "data_sets", fail)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def spoken_by(user, language):
    user.language = language
    user.save(update_fields=["language"])
    return user


@pytest.mark.browser
@pytest.mark.parametrize("language", ["fr", "en"])
def test_refusals_are_pages_like_the_others(cast, broken, open_page, violations, language):
    seller = spoken_by(cast.claire, language)
    asked = [
        (None, f"/{language}/nothing-here/", 404),
        (None, f"/{language}/about-the-data/", 500),
        (seller, "/leads/", 403),
        (seller, "/my/contacts/999999/", 404),
        (seller, f"/{language}/about-the-data/", 500),
    ]
    for user, address, code in asked:
        page = open_page(address, user=user, language=language)
        assert page.locator("h1").all_inner_texts() == [WORDS[language, code]], address
        assert page.locator("html").get_attribute("lang") == language
        expect(page.locator("main a[href='/'], a.primary[href='/']").first, address).to_be_visible()
        assert not violations(page), address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        with dark_and_narrow(page):
            assert not violations(page, BY_LOOK), address
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        page.close()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_form_without_its_token_is_refused_in_words(db, language):
    answer = Client(enforce_csrf_checks=True).post(f"/{language}/cookies/choose/", {"answer": "accept"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert f'lang="{language}"' in page
    heading = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)[1]
    assert heading.strip()
    assert "CSRF" not in heading, "a word of engineers"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_database_that_is_away_is_said_and_is_no_fault(db, monkeypatch, language):
    """503 with a plain sentence; the probe says that the house is not ready; it is again when the database is."""
    client = Client(raise_request_exception=False)

    def is_away(*args):
        try:
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        except psycopg.Error as error:
            raise OperationalError(str(error)) from error

    with monkeypatch.context() as broken:
        broken.setattr(queries, "data_sets", is_away)
        broken.setattr("config.health._migrations_are_applied", is_away)
        page = client.get(f"/{language}/about-the-data/")
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "15"
        assert {"fr": "De retour dans un instant", "en": "Back in a moment"}[language] in page.content.decode()
        probe = client.get("/readyz")
        assert (probe.status_code, probe.json()) == (503, {"ready": False, "database": False})
    assert client.get(f"/{language}/about-the-data/").status_code == 200


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_statement_that_takes_too_long_is_stopped_and_said(db, monkeypatch, language):
    """A real one, cut off by PostgreSQL; what the page says helps to ask for less."""

    def takes_long():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '20ms'")
            cursor.execute("SELECT pg_sleep(30)")

    monkeypatch.setattr(queries, "data_sets", takes_long)
    with transaction.atomic():
        page = Client(raise_request_exception=False).get(f"/{language}/about-the-data/")
        transaction.set_rollback(True)
    assert page.status_code == 503
    assert {"fr": "a pris trop de temps", "en": "took too long"}[language] in page.content.decode()


def test_what_answers_pages_waits_for_no_statement_without_end():
    """Jobs and commands, which are other processes, may take their time."""
    asked = "import config.asgi, django.conf; print(django.conf.settings.DATABASES['default']['OPTIONS']['options'])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, timeout=120)
    assert "statement_timeout=60s" in told.stdout
    assert "statement_timeout" not in settings.DATABASES["default"]["OPTIONS"]["options"]


def test_a_statement_that_failed_is_a_fault(db, monkeypatch):
    def finds_no_room():
        raise OperationalError("no space left on device") from psycopg.errors.DiskFull()

    monkeypatch.setattr(queries, "data_sets", finds_no_room)
    assert Client(raise_request_exception=False).get("/en/about-the-data/").status_code == 500
