"""Erasing a person keeps the figures and loses the words."""

import pytest
from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.models import Absence, Interaction, Lead, Referent
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.actions import create_company, merge_companies


@pytest.mark.parametrize("is_refused", [False, True])
def test_forget_lead(cast, is_refused):
    request = lead(
        cast.atelier,
        requested_by=cast.claire,
        message="Je vends ma maison",
        contact_phone="+33 1 99 00 00 00",
        attachment={"type": "solutions.diagnosis", "id": 3, "title": "Diagnosis", "summary": ["Level 2"]},
    )
    if is_refused:
        request = actions.refuse_lead(lead=request, by=fresh(cast.nour), reason="Hors sujet, madame Test")
    actions.forget_lead(request)
    kept = Lead.objects.get()
    assert (kept.company, kept.origin, kept.received_at) == (cast.atelier, request.origin, request.received_at)
    everything = " ".join(str(getattr(kept, field.attname)) for field in Lead._meta.concrete_fields)
    for word in ("maison", "99 00", "Claire", "madame", "Level 2", cast.claire.email):
        assert word not in everything


def test_forget_interaction(cast):
    note = actions.log_interaction(
        company=cast.atelier,
        kind="call",
        happened_at=timezone.now(),
        summary="Madame Test part en juin",
        next_action="Rappeler Madame Test",
        next_action_on=timezone.localdate(),
        by=fresh(cast.nour),
    )
    actions.forget_interaction(note)
    kept = Interaction.objects.get()
    assert (kept.kind, kept.summary, kept.next_action, kept.next_action_on) == ("call", "", "", None)


def test_forget_message(cast):
    request = lead(cast.atelier, requested_by=cast.claire)
    message = actions.add_message(lead=request, by=fresh(cast.claire), text="Mon numéro : …")
    actions.forget_message(message)
    assert request.messages.get().text == ""


def test_forget_absence(cast):
    today = timezone.localdate()
    absence = actions.plan_absence(person=cast.nour, starts_on=today, ends_on=today, by=cast.nour)
    actions.forget_absence(absence)
    assert not Absence.objects.exists()


def test_a_referent_follows_a_merged_company_and_show_merged_company_wakes_timelines(cast):
    double = create_company(name="Atelier Ponant", by=None, region=cast.bretagne)
    actions.set_referent(company=double, adviser=cast.nour, organisation=cast.chamber, by=cast.manager)
    merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    assert Referent.objects.get().company == cast.atelier
