import datetime

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.accounts.tests import factories as accounts
from pavillon.activity.models import Entry
from pavillon.crm import actions
from pavillon.crm.forms.interactions import LogInteractionForm
from pavillon.crm.models import Interaction, Lead
from pavillon.crm.queries.timeline import timeline_of
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.criteria import condition_of, read_address
from pavillon.directory.models import Company
from pavillon.security.queries import is_sealed, opener


def log(company, by, **more):
    values = {"kind": "note", "happened_at": timezone.now(), "summary": "La reprise du site est confidentielle."}
    return actions.log_interaction(company=company, by=fresh(by), **{**values, **more})


@pytest.mark.covers("IDN-02", "BASE-04")
@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        ("organisation", {"nour", "nina", "manager"}),
        ("region", {"nour", "nina", "manager", "official", "alice", "henri", "kim"}),
        ("team", {"nour", "nina", "manager", "official", "alice", "henri", "kim", "theo", "partner"}),
    ],
)
def test_who_finds_a_note(cast, visibility, seen_by):
    note = log(cast.atelier, cast.nour, visibility=visibility)
    people = {name: fresh(one) for name, one in vars(cast).items() if isinstance(one, User)}
    found = {name for name, user in people.items() if Interaction.objects.visible_to(user).filter(pk=note.pk)}
    # Never the company, the seller, the buyer, the operator, the security officer nor a stranger.
    assert found == seen_by


def test_one_line_of_time_gathers_several_organisations_and_says_why(cast):
    log(cast.atelier, cast.nour, visibility="organisation", summary="Note de la chambre")
    log(cast.atelier, cast.kim, visibility="team", summary="Prêt accordé")
    log(cast.atelier, cast.theo, visibility="organisation", summary="Note d'ailleurs")
    lead(cast.atelier)
    lines = [line for _day, group in timeline_of(cast.atelier, fresh(cast.nour)).days for line in group]
    texts = [line.text for line in lines]
    assert "Note de la chambre" in texts
    assert "Prêt accordé" in texts
    assert "Note d'ailleurs" not in texts
    assert any("Banque" in line.reason for line in lines)
    assert any(line.tags and line.tags[0].startswith("D-") for line in lines), "steps of requests stand in it too"


def test_the_trail_of_the_company_never_tells_about_private_notes_or_requests(cast):
    log(cast.atelier, cast.nour)
    lead(cast.atelier)
    verbs = Entry.objects.about(cast.atelier).values_list("verb", flat=True)
    assert not [verb for verb in verbs if verb.startswith(("crm.interaction", "crm.lead"))]


def test_the_timeline_filters_and_continues_without_losing_a_line(cast, sign_in):
    now = timezone.now()
    for i in range(45):
        log(cast.atelier, cast.nour, kind="call", happened_at=now - datetime.timedelta(hours=i), summary=f"n° {i}")
    log(cast.atelier, cast.nour, kind="visit", summary="visite")
    first = timeline_of(cast.atelier, fresh(cast.nour), kind="call")
    rest = timeline_of(cast.atelier, fresh(cast.nour), kind="call", before=first.before)
    texts = [line.text for page in (first, rest) for _day, group in page.days for line in group]
    assert texts == [f"n° {i}" for i in range(45)]
    assert rest.before is None
    # An address that says no zone means the reader's; one that says no moment says nothing.
    client, lines = sign_in(cast.nour), reverse("crm:timeline_lines", args=[cast.atelier.pk])
    bare = timezone.localtime(now - datetime.timedelta(hours=30, minutes=30)).replace(tzinfo=None).isoformat()
    for kind in ("call", ""):
        shown = client.get(lines, {"kind": kind, "before": bare}).context["timeline"]
        assert next(line.text for _day, group in shown.days for line in group if line.text) == "n° 31"
    assert client.get(lines, {"kind": "call", "before": "2026-13-45T10:00"}).status_code == 200


def test_the_timeline_costs_the_same_whatever_its_length(cast, django_assert_max_num_queries):
    for _ in range(12):
        log(cast.atelier, cast.nour, visibility="team")
        lead(cast.atelier)
    user = fresh(cast.nour)
    assert user.organisation
    with django_assert_max_num_queries(9):
        timeline_of(cast.atelier, user)


def test_the_future_is_not_logged(cast):
    assert 'name="summary"' in LogInteractionForm(user=fresh(cast.nour), company=None).draw(), "nobody to have met"
    with pytest.raises(actions.NotYetHappened):
        log(cast.atelier, cast.nour, happened_at=timezone.now() + datetime.timedelta(hours=2))
    assert not Interaction.objects.exists()


def test_logging_is_cheap_and_recorded(cast, django_assert_max_num_queries):
    user = fresh(cast.nour)
    assert user.organisation
    with django_assert_max_num_queries(9):
        note = actions.log_interaction(
            company=cast.atelier, kind="call", happened_at=timezone.now(), summary="Rappel", by=user
        )
    entry = Entry.objects.about(note).get()
    assert entry.verb == "crm.interaction_logged"
    assert "Rappel" not in str(entry.facts), "the trail does not repeat what was said"


def test_a_correction_keeps_both_versions(cast):
    note = log(cast.atelier, cast.nour, summary="Marché visé : Chine")
    actions.change_interaction(
        interaction=note,
        summary="Marché visé : Japon",
        outcome="",
        duration_minutes=None,
        contact=None,
        visibility="team",
        by=fresh(cast.nour),
    )
    entry = Entry.objects.about(note).get(verb="crm.interaction_changed")
    kept = entry.changes["summary"]
    assert all(is_sealed(value) for value in kept), "what was said of people stands nowhere in clear"
    open_value, column = opener(kept, by=fresh(cast.nour)), Interaction._meta.get_field("summary")
    # As they were typed: what people write is not typeset.
    assert [open_value(column, value) for value in kept] == ["Marché visé : Chine", "Marché visé : Japon"]


def test_what_is_promised_outside_a_request_gets_done(cast):
    note = log(cast.atelier, cast.nour, next_action="Rappeler", next_action_on=timezone.localdate())
    actions.finish_next_action(interaction=note, by=fresh(cast.nour))
    note.refresh_from_db()
    assert note.next_action_done_at is not None


def test_within_a_request_the_promise_is_the_requests(cast):
    request = lead(cast.atelier)
    note = log(cast.atelier, cast.nour, lead=request, next_action="Rappeler", next_action_on=timezone.localdate())
    assert note.next_action == ""
    assert Lead.objects.get().next_action == "Rappeler"


def test_the_auditor_learns_that_a_private_note_changed_not_what_it_says(cast, client):
    """Who may not see the note reads that it was corrected, by whom and when: its words stay restricted."""
    note = log(cast.atelier, cast.nour, summary="First secret")
    actions.change_interaction(
        interaction=note, summary="Second secret", outcome="", duration_minutes=None, contact=None,
        visibility="organisation", by=fresh(cast.nour),
    )  # fmt: skip
    officer = accounts.person("Nora", cast.agency, Role.SECURITY_OFFICER, email="nora@example.example")
    client.force_login(officer)
    page = client.get(reverse("security:audit_record", args=["crm.interaction", note.pk])).content.decode()
    assert "Nour" in page
    assert "secret" not in page
    assert not Interaction.objects.visible_to(officer).exists()


def test_companies_are_found_by_how_often_one_spoke_with_them(cast):
    """Counted for the whole base or asked of each row, the answer is the same: notes and old exchanges do not count."""
    user, now = fresh(cast.nour), timezone.now()
    for company, kind, days in (
        (cast.atelier, "call", 3),
        (cast.atelier, "visit", 80),
        (cast.southern, "call", 5),
        (cast.southern, "call", 200),
        (cast.southern, "note", 1),
    ):
        actions.log_interaction(
            company=company,
            kind=kind,
            happened_at=now - datetime.timedelta(days=days),
            summary="x",
            by=user,
            visibility="team",
        )
    for query, expected in (
        ("exchanges.did=least:2;days:90", {cast.atelier.pk}),
        ("exchanges.did=least:2", {cast.atelier.pk, cast.southern.pk}),
        ("exchanges.did=least:2;kinds:call", {cast.southern.pk}),
        ("exchanges.did_not=least:2;days:90", set(Company.objects.values_list("pk", flat=True)) - {cast.atelier.pk}),
    ):
        rule, wrong = read_address(QueryDict(query), Company, user)
        assert not wrong
        for one_by_one in (False, True):
            found = Company.objects.filter(condition_of(rule, user, one_by_one=one_by_one))
            assert set(found.values_list("pk", flat=True)) == expected
