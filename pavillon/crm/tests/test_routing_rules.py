"""Rules are prepared, tried out on last month's requests, put into force whole, and kept."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from pavillon.accounts.models import Office, Organisation
from pavillon.activity.models import Entry
from pavillon.crm import actions
from pavillon.crm.models import Lead, LeadStep, RoutingRule, RoutingVersion
from pavillon.crm.queries.routing import rule_behind
from pavillon.crm.tests.factories import fresh, lead, rule
from pavillon.reference.models import Country, Department


def codes(request):
    return [reason["code"] for reason in request.routing]


def test_a_rule_is_prepared_tried_out_and_put_into_force_on_screens(cast, sign_in, django_assert_max_num_queries):
    """Nothing moves before the draft is put into force; then the request says by which rule of which version."""
    happened = [lead(cast.atelier, kind="financing"), lead(cast.atelier, kind="financing"), lead(cast.southern)]
    client = sign_in(cast.henri)
    assert client.post(reverse("crm:start_routing_draft"), {"region": ""}).status_code == 302
    draft = RoutingVersion.objects.get()
    again = client.post(reverse("crm:start_routing_draft"), {"region": ""})
    assert (again.status_code, RoutingVersion.objects.count()) == (422, 1)
    data = {"name": "Financements", "priority": 10, "is_active": "on", "kind": "financing", "goes_to": "team"}
    new = reverse("crm:create_routing_rule", args=[draft.pk])
    assert "organisation" in client.post(new, data).context["form"].errors
    assert client.post(new, {**data, "organisation": cast.bank.pk}).status_code == 302
    assert lead(cast.atelier, kind="financing").team == cast.chamber, "a draft decides nothing"
    # One whose person was forgotten keeps no reason, and counts; one that a file brought was never routed.
    Lead.objects.filter(pk=happened[2].pk).update(routing=[])
    brought = lead(cast.southern)
    Lead.objects.filter(pk=brought.pk).update(routing=[{"code": "brought", "source": "Fichier"}])
    before = list(Lead.objects.values_list("pk", "adviser", "team", "routing").order_by("pk"))
    steps = LeadStep.objects.count()
    url = reverse("crm:simulate_routing_draft", args=[draft.pk])
    with django_assert_max_num_queries(32):
        page = client.get(url)
    answer = page.context["answer"]
    assert [(use.rule and use.rule.name, use.before, use.after) for use in answer.by_rule] == [
        ("Financements", 0, 3), (None, 4, 1),
    ]  # fmt: skip
    assert {line.lead for line in answer.changed} >= set(happened[:2])
    teams = {share.name: (share.happened, share.before, share.after) for share in answer.by_team}
    assert (teams[cast.bank.name], teams[cast.chamber.name]) == ((0, 0, 3), (3, 3, 0))
    people = {share.name: (share.happened, share.after, share.difference) for share in answer.by_adviser}
    assert people[str(cast.kim)] == (0, 3, 3)
    assert happened[0].get_absolute_url() in page.text
    assert happened[2].get_absolute_url() not in page.text, "it would go where it went"
    assert list(Lead.objects.values_list("pk", "adviser", "team", "routing").order_by("pk")) == before
    assert (LeadStep.objects.count(), RoutingVersion.objects.get().state) == (steps, "draft")
    activate = reverse("crm:activate_routing_draft", args=[draft.pk])
    assert client.post(activate, {"note": ""}).status_code == 422
    assert client.post(activate, {"note": "La banque d’abord"}).status_code == 302
    request = lead(cast.atelier, kind="financing")
    assert (request.adviser, rule_behind(request).name) == (cast.kim, "Financements")
    page = sign_in(cast.kim).get(request.get_absolute_url()).text
    assert "(France, version 1)" in page
    assert "When what is asked is “Financing and insurance”, it goes to whoever of" in page
    assert reverse("crm:routing_version", args=[draft.pk]) in page
    listed = sign_in(cast.nour).get(reverse("crm:routing_rules")).text
    assert "La banque d’abord" in listed
    assert "In all other cases" in listed
    entry = Entry.objects.about(draft).get(verb="crm.routing_draft_activated")
    assert entry.actor == cast.henri
    with translation.override("fr"):
        assert RoutingRule.objects.get().sentence.startswith("Quand ce qui est demandé est")


def test_what_was_in_force_is_kept_and_can_come_back(cast, sign_in):
    first = rule(name="A la banque", organisation=cast.bank, kind="financing")
    draft = actions.start_routing_draft(by=cast.henri)
    client = sign_in(cast.henri)
    copy = draft.rules.get()
    assert client.post(reverse("crm:delete_routing_rule", args=[copy.pk])).status_code == 302
    assert lead(cast.atelier, kind="financing").team == cast.bank
    actions.activate_routing_draft(version=draft, by=fresh(cast.henri), note="Plus de banque")
    assert lead(cast.atelier, kind="financing").team == cast.chamber
    former = RoutingVersion.objects.get(number=1)
    assert (former.state, list(former.rules.all())) == ("past", [first])
    for name in ("change_routing_rule", "delete_routing_rule"):
        assert client.post(reverse(f"crm:{name}", args=[first.pk])).status_code == 403, "it is history"
    with pytest.raises(actions.NotADraft):
        actions.delete_routing_rule(rule=first, by=cast.henri)
    restored = client.post(reverse("crm:restore_routing_version", args=[former.pk]))
    third = RoutingVersion.objects.get(number=3)
    assert restored.url == third.get_absolute_url()
    assert [one.name for one in third.rules.all()] == ["A la banque"]
    assert client.post(reverse("crm:restore_routing_version", args=[former.pk])).url == former.get_absolute_url()
    assert client.post(reverse("crm:discard_routing_draft", args=[third.pk])).status_code == 302
    assert not RoutingVersion.objects.filter(pk=third.pk).exists()
    assert Entry.objects.filter(verb="crm.routing_draft_discarded").exists()


def test_a_region_prepares_its_own_rules_beside_the_countrys(cast, sign_in):
    rule(name="Pays", priority=20, organisation=cast.bank)
    client = sign_in(cast.manager)
    assert client.post(reverse("crm:start_routing_draft"), {"region": "76"}).status_code == 422
    assert client.post(reverse("crm:start_routing_draft"), {"region": "53"}).status_code == 302
    draft = RoutingVersion.objects.get(state="draft")
    assert draft.region == cast.bretagne
    new = reverse("crm:create_routing_rule", args=[draft.pk])
    data = {"name": "Ici", "priority": 10, "is_active": "on", "goes_to": "team", "organisation": cast.chamber.pk}
    assert client.post(new, {**data, "region": "76"}).status_code == 422
    assert client.post(new, {**data, "region": "53"}).status_code == 302
    other = {**data, "name": "Là", "priority": 10, "region": "53", "goes_to": "person", "adviser": cast.nina.pk}
    assert client.post(new, {**other, "adviser": cast.kim.pk}).status_code == 422, "not of this team"
    assert client.post(new, other).status_code == 302
    second = draft.rules.get(name="Là")
    assert client.post(reverse("crm:move_routing_rule", args=[second.pk]), {"to": "up"}).status_code == 302
    assert [one.name for one in draft.rules.in_order()] == ["Là", "Ici"]
    page = client.get(draft.get_absolute_url())
    assert [one.name for one in page.context["rules"]] == ["Là", "Ici", "Pays"], "among which they will be tried"
    change = reverse("crm:change_routing_rule", args=[second.pk])
    assert client.post(change, {**other, "name": "Ici"}).status_code == 422, "two of one name"
    # Nobody else sees what is being prepared, and the country's rules are not the region's to write.
    for person in (cast.nour, cast.theo, cast.claire):
        assert sign_in(person).get(draft.get_absolute_url()).status_code == 404
    national = RoutingVersion.objects.get(state="in_force")
    assert sign_in(cast.nour).get(national.get_absolute_url()).status_code == 200
    assert sign_in(cast.manager).post(reverse("crm:restore_routing_version", args=[national.pk])).status_code == 403
    activate = reverse("crm:activate_routing_draft", args=[draft.pk])
    assert sign_in(cast.manager).post(activate, {"note": "Nina d’abord"}).status_code == 302
    assert lead(cast.atelier).adviser == cast.nina
    assert lead(cast.southern).team == cast.bank


def test_a_rule_may_ask_for_a_department_an_office_a_workload_or_a_queue(cast):
    """Each destination and each condition, with the reason that the request keeps."""
    japan = Country.objects.get_or_create(code="JP", defaults={"name_fr": "Japon", "name_en": "Japan"})[0]
    south = Department.objects.create(code="31", name_fr="Haute-Garonne", name_en="H", region=cast.occitanie)
    tokyo = Office.objects.create(name="Tokyo", country=japan, city="Tokyo", time_zone="Asia/Tokyo")
    rule(name="Ailleurs", priority=5, department=south, organisation=cast.bank)
    rule(name="Finistère", priority=10, kind="showroom", department=cast.quimper.department, organisation=cast.bank)
    assert lead(cast.atelier, kind="showroom").team == cast.bank
    type(cast.nina).objects.filter(pk=cast.nina.pk).update(office=tokyo)
    rule(name="Tokyo", priority=20, country=japan, organisation=cast.chamber, office=tokyo)
    for _ in range(2):
        request = lead(cast.atelier, country=japan)
        assert (request.adviser, "office" in codes(request)) == (cast.nina, True)
    rule(name="Sans débordement", priority=30, kind="advice", organisation=cast.chamber, load_below=50)
    for person in (cast.nour, cast.nina):
        actions.change_capacity(adviser=person, open_leads=1, by=cast.manager)
    lead(cast.atelier, kind="advice")
    crowded = lead(cast.atelier, kind="advice")
    assert codes(crowded)[:3] == ["rule", "too_busy", "rule_empty"]
    assert rule_behind(crowded) is None, "the region's advisers got it, not the rule"
    rule(name="A prendre", priority=40, kind="market", organisation=cast.chamber, goes_to="queue")
    waiting = lead(cast.atelier, kind="market")
    assert (waiting.adviser, waiting.team, waiting.state) == (None, cast.chamber, "received")
    assert waiting.due_at is not None, "the clock runs in a queue too"


def test_a_rule_may_come_before_the_referent_or_name_him(cast):
    actions.set_referent(company=cast.atelier, adviser=cast.nina, organisation=cast.chamber, by=cast.manager)
    rule(name="Missions", priority=50, kind="mission", organisation=cast.bank)
    assert lead(cast.atelier, kind="mission").adviser == cast.nina
    rule(name="Prêts", priority=60, kind="financing", organisation=cast.bank, before_referent=True)
    assert lead(cast.atelier, kind="financing").team == cast.bank
    rule(name="Seminaires", priority=10, origin="seminar", goes_to="referent", before_referent=True)
    told = lead(cast.atelier, kind="financing", origin="seminar")
    assert (told.adviser, codes(told)) == (cast.nina, ["rule", "referent"])
    # Without a referent this rule ends nowhere, and the next ones are tried.
    assert lead(cast.southern, kind="financing", origin="seminar").team == cast.bank


def test_the_database_keeps_one_version_in_force_and_rules_that_end_somewhere(cast):
    made = rule(name="A", organisation=cast.bank)
    version = made.version
    with pytest.raises(IntegrityError), transaction.atomic():
        RoutingVersion.objects.create(number=9, state="in_force", activated_at=version.activated_at)
    for wrong in ({"organisation": None}, {"goes_to": "person"}, {"goes_to": "referent"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RoutingRule.objects.filter(pk=made.pk).update(**wrong)
    Organisation.objects.filter(pk=cast.bank.pk).update(name="Autre")
    with translation.override("en"):
        assert (
            RoutingRule.objects.get().sentence
            == "For every request, it goes to whoever of Autre has the lightest load."
        )


def test_the_simulation_of_now_writes_nothing_and_shows_where_requests_would_go(
    cast, sign_in, django_assert_max_num_queries
):
    for _ in range(6):
        lead(cast.atelier, kind="financing")
    rule(name="Banque", organisation=cast.bank, kind="financing")
    before = list(Lead.objects.values_list("pk", "adviser", "team").order_by("pk"))
    client = sign_in(cast.henri)
    client.get(reverse("crm:routing_rules"))
    with django_assert_max_num_queries(28):
        answer = client.get(reverse("crm:simulate_routing"))
    assert answer.context["answer"].moved == 6
    assert next((share.name, share.after) for share in answer.context["answer"].by_team) == ("Banque", 6)
    assert list(Lead.objects.values_list("pk", "adviser", "team").order_by("pk")) == before


def test_a_rule_that_somebody_deleted_meanwhile_says_so(cast, sign_in, monkeypatch):
    """Between the page and the click a colleague takes the rule, or the whole draft, away."""
    draft = actions.start_routing_draft(by=cast.henri)
    fields = {"name": "Prêts", "kind": "financing", "organisation": cast.bank, "priority": 10}
    client, real = sign_in(cast.henri), actions.delete_routing_rule
    for deed, data in (("move", {"to": "up"}), ("delete", {})):
        rule = actions.create_routing_rule(version=draft, by=cast.henri, **fields)
        url = reverse(f"crm:{deed}_routing_rule", args=[rule.pk])
        done = getattr(actions, f"{deed}_routing_rule")

        def meanwhile(*, rule, by, done=done, **more):
            real(rule=rule, by=by)
            return done(rule=rule, by=by, **more)

        monkeypatch.setattr(actions, f"{deed}_routing_rule", meanwhile)
        answer = client.post(url, data, follow=True)
        assert answer.status_code == 200
        assert "Somebody deleted the rule “Prêts” meanwhile." in answer.text
        monkeypatch.undo()
    rule = actions.create_routing_rule(version=draft, by=cast.henri, **fields)
    actions.discard_routing_draft(version=draft, by=cast.henri)
    with pytest.raises(actions.NotADraft, match="away meanwhile"):
        actions.change_routing_rule(rule=rule, by=cast.henri, name="Autre")
