"""Answers to htmx."""

import json

from django.http import HttpResponse

from pavillon.ui import htmx
from pavillon.ui.forms import SampleForm


def test_only_a_request_for_a_piece_is_htmx(ask):
    assert not htmx.is_htmx(ask())
    assert htmx.is_htmx(ask("/", **{"HX-Request": "true"}))
    assert not htmx.is_htmx(ask("/", **{"HX-Request": "true", "HX-History-Restore-Request": "true"}))


def test_fragment_answers_the_page_or_its_piece(ask):
    page = htmx.fragment(ask(), "404.html", "ui/_logo.html", {})
    piece = htmx.fragment(ask("/", **{"HX-Request": "true"}), "404.html", "ui/_logo.html", {})
    assert b"<html" in page.content
    assert b"<html" not in piece.content
    assert "HX-Request" in piece.headers["Vary"]


def test_a_form_with_errors_answers_422(ask):
    template = "ui/forms/form.html"
    assert htmx.form_page(ask(), template, {"form": SampleForm()}).status_code == 200
    assert htmx.form_page(ask(), template, {"form": SampleForm({})}).status_code == 422


def test_triggers_add_up_and_stay_ascii():
    response = htmx.toast(htmx.trigger(HttpResponse(), "close-modal"), "Enregistré", url="/x/")
    events = json.loads(response.headers["HX-Trigger"])
    assert events["close-modal"] == {}
    assert events["toast"] == {"text": "Enregistré", "level": "ok", "detail": "", "url": "/x/"}
    assert response.headers["HX-Trigger"].isascii()


def test_go_to_redirects_the_whole_page(ask):
    assert htmx.go_to(ask(), "/there/").status_code == 302
    answer = htmx.go_to(ask("/", **{"HX-Request": "true"}), "/there/")
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/there/")


def test_a_way_back_leads_to_no_other_site(ask):
    pages = {"https://elsewhere.example/a": "/", "http://testserver/a?b=1": "/a?b=1"}
    pages["http://testserver//elsewhere.example/a"] = "/%2Felsewhere.example/a"
    for page, back in pages.items():
        assert htmx.page_of(ask("/", **{"HX-Request": "true", "HX-Current-URL": page})) == back
