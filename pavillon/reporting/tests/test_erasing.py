"""Erasing people everywhere moves no figure of a dashboard, a breakdown or a monthly report."""

from dataclasses import asdict

import pytest
from django.core.management import call_command
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.crm.tests.factories import lead, taken
from pavillon.metrics.tests.factories import roll_up
from pavillon.privacy.queries import counts_about, identities_of, person_with
from pavillon.privacy.tests.factories import erase_person
from pavillon.reporting.enums import GroupBy
from pavillon.reporting.periods import today
from pavillon.reporting.queries.funnel import breakdown, funnel
from pavillon.reporting.queries.monthly import monthly_report
from pavillon.reporting.queries.networks import by_network
from pavillon.reporting.queries.origins import by_origin
from pavillon.reporting.tests.test_dashboard import ask, cast, month_scope, view
from pavillon.showroom.models import EnquiryMessage

pytestmark = pytest.mark.django_db
__all__ = ["cast"]


def every_figure(company):
    report = monthly_report(company, today().replace(day=1))
    return {
        "funnel": funnel(month_scope()),
        "lines": {by: [asdict(line) for line in breakdown(month_scope(), by)] for by in GroupBy},
        "networks": by_network(month_scope()),
        "origins": by_origin(month_scope()),
        "report": [report.measures, report.countries, report.requests, report.events, report.response_hours],
    }


def test_figures_are_the_same_before_and_after(cast, settings, tmp_path):
    settings.DATA = tmp_path
    call_command("load_purposes", verbosity=0)
    view(cast, 3)
    enquiry = ask(cast, answered_after=timezone.timedelta(hours=5))
    EnquiryMessage.objects.create(enquiry=enquiry, author=cast.buyer.user, from_seller=False, text="Combien ?")
    taken(lead(cast.atelier, requested_by=cast.claire, message="Je cherche un agent"))
    lead(cast.atelier, contact_name="Claire Test", contact_email=cast.claire.email)
    roll_up()
    before = every_figure(cast.atelier)
    for person in (cast.claire, cast.buyer.user):
        cards = identities_of(person.email, person)
        assert counts_about(person_with([card.key for card in cards], person.email))
        erase_person(keys=[card.key for card in cards], email=person.email, why="request", by=None, proof={})
    assert not User.objects.filter(pk__in=[cast.claire.pk, cast.buyer.user.pk], is_active=True).exists()
    assert "Combien" not in EnquiryMessage.objects.get().text
    assert every_figure(cast.atelier) == before
