"""Addresses that only take what is sent to them, and forms behind a session that ended."""

import pytest
from django.urls import reverse

from pavillon.accounts.tests import factories as accounts

AS_A_BROWSER = {"accept": "text/html,application/xhtml+xml"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments", "page"),
    [
        ("crm:log_on_lead", {"lead": 60}, "/leads/60/"),
        ("crm:take_charge", {"lead": 60}, "/leads/60/"),
        ("activity:read_notifications", {}, "/inbox/"),
    ],
)
def test_an_address_of_an_action_leads_a_reader_to_its_page(client, name, arguments, page, monkeypatch):
    accounts.places()
    cast = accounts.cast()
    client.force_login(cast.nour)
    from pavillon.core import views

    monkeypatch.setattr(views, "_finder", [lambda *given: object()])
    monkeypatch.setattr(views, "require", lambda *given: None)
    answer = client.get(reverse(name, kwargs=arguments), headers=AS_A_BROWSER)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert client.get(reverse(name, kwargs=arguments)).status_code == 405
