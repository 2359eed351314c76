"""One page answers: what happened with this company in the last twelve months?"""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.actions import change_company


def log(cast, by, **more):
    values = {"kind": "call", "happened_at": timezone.now(), "summary": "Le cidre plaît", "visibility": "team"}
    return actions.log_interaction(company=cast.atelier, by=fresh(by), **values | more)


@pytest.mark.covers("BASE-10")
def test_the_page_of_twelve_months_counts_and_tells_what_each_organisation_did(
    cast, sign_in, django_assert_max_num_queries
):
    url = reverse("directory:company_year", args=[cast.atelier.pk])
    for by, kind in ((cast.nour, "call"), (cast.nour, "visit"), (cast.kim, "call")):
        log(cast, by, kind=kind)
    log(cast, cast.theo, summary="Note d’une autre région", visibility="organisation")
    log(cast, cast.nour, happened_at=timezone.now() - datetime.timedelta(days=500), summary="Il y a longtemps")
    request = lead(cast.atelier, subject="Exporter au Japon")
    actions.take_charge(lead=request, by=fresh(request.adviser))
    change_company(company=cast.atelier, by=fresh(cast.nour), status="client")
    actions.start_discussion(company=cast.atelier, text="On avance", visibility="team", by=fresh(cast.kim))
    client = sign_in(cast.nour)
    client.get(url)
    with django_assert_max_num_queries(45):
        page = client.get(url)
    figures = {str(figure.label): figure for figure in page.context["digest"].figures}
    assert figures["Exchanges"].count == 3
    assert dict(figures["Exchanges"].details) == {"Call": 2, "Visit": 1}
    assert dict(figures["Exchanges by organisation"].details) == {
        str(cast.nour.organisation): 2,
        str(cast.kim.organisation): 1,
    }
    assert (figures["Requests received"].count, figures["Comments"].count) == (1, 1)
    assert figures["Changes of state"].count >= 1
    for told in ("Le cidre plaît", "Exporter au Japon", "On avance", "Status"):
        assert told in page.text, told
    for hidden in ("Note d’une autre région", "Il y a longtemps"):
        assert hidden not in page.text
    assert "Il y a longtemps" in client.get(url, {"months": "36"}).text
    moments = [event.at for _month, events in page.context["digest"].months for event in events]
    assert moments == sorted(moments, reverse=True)


def test_the_page_costs_the_same_whatever_happened_and_says_what_it_leaves_out(
    cast, sign_in, django_assert_max_num_queries
):
    for n in range(65):
        log(cast, cast.nour, summary=f"n° {n}", happened_at=timezone.now() - datetime.timedelta(hours=n))
    client = sign_in(cast.nour)
    url = reverse("directory:company_year", args=[cast.atelier.pk])
    client.get(url)
    with django_assert_max_num_queries(45):
        page = client.get(url)
    assert page.context["digest"].untold == 5
    assert sign_in(cast.theo).get(url).status_code == 200
    assert sign_in(cast.claire).get(url).status_code in (403, 404)
