"""Rules are prepared, tried out on last month's requests, put into force whole, and kept."""

import datetime
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone, translation

from pavillon.accounts.actions import end_membership
from pavillon.accounts.models import Membership, Office, Organisation
from pavillon.activity.models import Entry, Notification
from pavillon.crm import actions, tasks
from pavillon.crm.models import Absence, Lead, LeadStep, RoutingRule, RoutingSimulation, RoutingVersion, RuleValue
from pavillon.crm.queries.people import simulations_of
from pavillon.crm.queries.routing import rule_behind
from pavillon.crm.queries.simulation import Desks, rehearsed_leads, simulate_routing
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
    kept = client.post(reverse("crm:simulate_routing_draft", args=[draft.pk]))
    with django_assert_max_num_queries(32):
        page = client.get(kept.url)
    assert [(use.name, use.before, use.after) for use in page.context["uses"]] == [
        ("Financements", 0, 3), ("Conseillers de la région", 4, 1),
        ("Responsable de la chambre de la région", 0, 0), ("File toujours présente", 0, 0), ("", 0, 0),
    ]  # fmt: skip
    assert {line.lead for line in page.context["lines"]} >= set(happened[:2])
    teams = {share.name: (share.happened, share.before, share.after) for share in page.context["teams"]}
    assert (teams[cast.bank.name], teams[cast.chamber.name]) == ((0, 0, 3), (3, 3, 0))
    people = {share.name: (share.happened, share.after, share.difference) for share in page.context["people"]}
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
    assert "File toujours présente" in listed
    stays = sign_in(cast.henri).get(kept.url)
    assert (stays.context["answer"]["requests"], stays.context["is_moved"]) == (4, False), "the answer stays"
    assert kept.url in sign_in(cast.henri).get(reverse("crm:routing_rules")).text
    entry = Entry.objects.about(draft).get(verb="crm.routing_draft_activated")
    assert entry.actor == cast.henri
    with translation.override("fr"):
        assert RoutingRule.objects.get(name="Financements").sentence.startswith("Quand ce qui est demandé est")


def test_what_was_in_force_is_kept_and_can_come_back(cast, sign_in):
    first = rule(name="A la banque", organisation=cast.bank, kind="financing")
    draft = actions.start_routing_draft(by=cast.henri)
    client = sign_in(cast.henri)
    copy = draft.rules.get(name="A la banque")
    assert client.post(reverse("crm:delete_routing_rule", args=[copy.pk])).status_code == 302
    assert lead(cast.atelier, kind="financing").team == cast.bank
    actions.activate_routing_draft(version=draft, by=fresh(cast.henri), note="Plus de banque")
    assert lead(cast.atelier, kind="financing").team == cast.chamber
    former = RoutingVersion.objects.get(number=1)
    assert (former.state, former.rules.get(name="A la banque")) == ("past", first)
    for name in ("change_routing_rule", "delete_routing_rule"):
        assert client.post(reverse(f"crm:{name}", args=[first.pk])).status_code == 403, "it is history"
    with pytest.raises(actions.NotADraft):
        actions.delete_routing_rule(rule=first, by=cast.henri)
    restored = client.post(reverse("crm:restore_routing_version", args=[former.pk]))
    third = RoutingVersion.objects.get(number=3)
    assert restored.url == third.get_absolute_url()
    assert [one.name for one in third.rules.filter(is_last_resort=False)] == ["A la banque"]
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
    assert [one.name for one in page.context["rules"]][:3] == ["Là", "Ici", "Pays"], "among which they will be tried"
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
    assert rule_behind(crowded).goes_to == "region", "the region's advisers got it, not the rule"
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
        made = RoutingRule.objects.get(pk=made.pk)
        assert made.sentence == "For every request, it goes to whoever of Autre has the lightest load."
    values = {"rule": made, "criterion": "kind", "word": "financing"}
    RuleValue.objects.create(**values)
    for wrong in (
        values,
        {**values, "is_refused": True, "word": "mission"},
        {**values, "word": "nothing known"},
        {**values, "criterion": "country"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleValue.objects.create(**wrong)


def _hold(deed=lambda: None):
    """What the database compares at the end of a transaction, after a deed."""
    with transaction.atomic(), connection.cursor() as cursor:
        deed()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_rule_asks_for_any_of_several_values_or_for_none_of_them(cast, sign_in):
    """On the screen: three countries and two kinds; another rule for everything but some."""
    japan, korea, chile = [
        Country.objects.get_or_create(code=code, defaults={"name_fr": name, "name_en": name})[0]
        for code, name in (("JP", "Japon"), ("KR", "Corée"), ("CL", "Chili"))
    ]
    client = sign_in(cast.henri)
    client.post(reverse("crm:start_routing_draft"), {"region": ""})
    draft = RoutingVersion.objects.get()
    new = reverse("crm:create_routing_rule", args=[draft.pk])
    data = {"is_active": "on", "goes_to": "team", "organisation": cast.bank.pk}
    asia = {**data, "name": "Asie", "priority": 10, "country": ["JP", "KR"], "kind": ["financing", "mission"]}
    assert client.post(new, asia).status_code == 302
    empty = client.post(new, {**data, "name": "Ailleurs", "priority": 20, "refused": ["country"]})
    assert "country" in empty.context["form"].errors, "none of no values"
    elsewhere = {**data, "name": "Ailleurs", "priority": 20, "country": ["JP", "KR"], "refused": ["country"]}
    elsewhere |= {"kind": ["market"], "goes_to": "queue"}
    assert client.post(new, elsewhere).status_code == 302
    both = {**data, "name": "Les deux", "priority": 30, "before_referent": "on", "is_last_resort": "on"}
    assert "is_last_resort" in client.post(new, both).context["form"].errors
    rule = draft.rules.get(name="Asie")
    change = reverse("crm:change_routing_rule", args=[rule.pk])
    shown = client.get(change)
    assert shown.context["form"]["country"].initial == ["JP", "KR"]
    assert '<option value="JP" selected>' in shown.text
    assert client.post(change, {**asia, "kind": ["financing", "mission", "advice"]}).status_code == 302
    entry = Entry.objects.about(rule).get(verb="crm.routing_rule_changed")
    assert entry.changes["criteria"][1]["kind"] == ["advice", "financing", "mission"]
    with translation.override("en"):
        page = client.get(draft.get_absolute_url()).text
    assert "what is asked is “Financing and insurance”, “Mission abroad” or “Advice on exporting”" in page
    assert "the country aimed at is other than" in page
    actions.activate_routing_draft(version=draft, by=cast.henri, note="Asie")
    for country, kind, team in (
        (japan, "mission", cast.bank), (korea, "financing", cast.bank), (chile, "financing", cast.chamber),
        (japan, "request", cast.chamber), (chile, "market", cast.bank), (None, "market", cast.bank),
        (korea, "market", cast.chamber),
    ):  # fmt: skip
        assert lead(cast.atelier, country=country, kind=kind).team == team, (country, kind)
    copied = actions.start_routing_draft(by=cast.henri)
    assert copied.rules.get(name="Ailleurs").asked == {"country": (True, {"JP", "KR"}), "kind": (False, {"market"})}


def test_the_last_resort_is_rules_that_never_end_nowhere(cast, sign_in):
    """As shipped until somebody writes others; the queue at the end stays, whatever door one tries."""
    agency_queue = lead(cast.southern)
    assert codes(agency_queue)[0] == "region"
    client = sign_in(cast.henri)
    assert "as shipped" in client.get(reverse("crm:routing_rules")).text
    draft = actions.start_routing_draft(by=cast.henri)
    region, manager, home = draft.rules.filter(is_last_resort=True).in_order()
    assert (region.goes_to, manager.goes_to, home.goes_to) == ("region", "manager", "home")
    # The advisers of the region are no longer asked: the bank's queue is, in the last resort.
    assert client.post(reverse("crm:delete_routing_rule", args=[region.pk])).status_code == 302
    data = {"name": "File de la banque", "priority": 5, "is_active": "on", "is_last_resort": "on", "goes_to": "queue"}
    new = reverse("crm:create_routing_rule", args=[draft.pk])
    assert "goes_to" in client.post(new, {**data, "goes_to": "home"}).context["form"].errors, "there is one"
    assert client.post(new, {**data, "organisation": cast.bank.pk, "region": ["53"]}).status_code == 302
    change, delete = (reverse(f"crm:{deed}_routing_rule", args=[home.pk]) for deed in ("change", "delete"))
    assert "This queue ends the list" in client.get(change).text
    assert client.post(change, {"name": "Dernière file", "take_charge_hours": 40, "is_active": ""}).status_code == 302
    refused = client.post(delete, follow=True)
    assert "put a rule of last resort before it" in refused.text
    home.refresh_from_db()
    assert (home.name, home.take_charge_hours, home.is_active) == ("Dernière file", 40, True)
    with pytest.raises(actions.LastResortStays):
        actions.change_routing_rule(rule=home, by=cast.henri, is_active=False)
    for breaks in (
        lambda: RoutingRule.objects.filter(pk=home.pk).delete(),
        lambda: RoutingRule.objects.filter(pk=home.pk).update(goes_to="region"),
        lambda: RuleValue.objects.create(rule=home, criterion="kind", word="market"),
    ):
        with pytest.raises(IntegrityError):
            _hold(breaks)
    actions.activate_routing_draft(version=draft, by=fresh(cast.henri), note="Plus de tour de région")
    here = lead(cast.atelier)
    assert (here.team, here.adviser, rule_behind(here).name) == (cast.bank, None, "File de la banque")
    # Elsewhere a manager, and where there is none the queue, with its own delay.
    there = lead(cast.southern)
    assert (there.adviser, rule_behind(there).name) == (None, "Dernière file")
    assert there.due_at > lead(cast.atelier).due_at
    # A region's own last resort comes before the country's.
    regional = actions.start_routing_draft(region=cast.bretagne, by=cast.manager)
    wanted = {"wanted": {"region": [cast.bretagne]}, "goes_to": "manager", "is_last_resort": True, "priority": 90}
    actions.create_routing_rule(version=regional, by=cast.manager, name="Direction", **wanted)
    actions.activate_routing_draft(version=regional, by=fresh(cast.manager), note="La direction d’abord")
    assert lead(cast.atelier).adviser == cast.manager
    actions.discard_routing_draft(version=actions.start_routing_draft(by=cast.henri), by=cast.henri)
    _hold()


def test_the_simulation_of_now_writes_nothing_and_shows_where_requests_would_go(
    cast, sign_in, django_assert_max_num_queries, monkeypatch
):
    """Many requests are tried by a worker; the page shows how far it is, then the answer, which stays."""
    for _ in range(6):
        lead(cast.atelier, kind="financing")
    rule(name="Banque", organisation=cast.bank, kind="financing")
    before = list(Lead.objects.values_list("pk", "adviser", "team").order_by("pk"))
    monkeypatch.setattr("pavillon.crm.actions.simulations.AT_ONCE", 5)
    client = sign_in(cast.henri)
    url = client.post(reverse("crm:simulate_routing")).url
    waiting = client.get(url, headers={"hx-request": "true"}).text
    assert "0 of 6 requests" in waiting
    assert "every 2s" in waiting
    assert client.post(reverse("crm:simulate_routing")).url == url, "a second press asks for nothing more"
    job = apps.get_model("procrastinate.ProcrastinateJob").objects.get(task_name="crm.run_simulation")
    tasks.run_simulation(**job.args)
    with django_assert_max_num_queries(28):
        answer = client.get(url)
    assert answer.context["answer"]["moved"] == 6
    assert next((share.name, share.after) for share in answer.context["teams"]) == ("Banque", 6)
    assert "every 2s" not in answer.text
    assert list(Lead.objects.values_list("pk", "adviser", "team").order_by("pk")) == before
    assert Notification.objects.filter(recipient=cast.henri, kind="crm.routing_simulated").exists()
    # It counts what its author saw: a region's manager reads his own only.
    assert sign_in(cast.manager).get(url).status_code == 404
    assert sign_in(cast.nour).get(url).status_code == 404
    assert sign_in(cast.nour).post(reverse("crm:simulate_routing")).status_code == 403
    actions.change_routing_rule(
        rule=actions.start_routing_draft(by=cast.henri).rules.get(name="Banque"), by=cast.henri, priority=1
    )
    assert sign_in(cast.henri).get(url).context["is_moved"] is False, "a draft is not in force"
    # A manager of another national organisation does not see every request, nor others' simulations.
    Membership.objects.filter(user=cast.kim).update(role="team_manager")
    assert sign_in(cast.kim).get(url).status_code == 404
    Membership.objects.filter(user=cast.kim).update(role="adviser")
    held = [simulations_of(SimpleNamespace(users={person.pk})).count() for person in (cast.henri, cast.kim, cast.theo)]
    assert held == [1, 1, 0]
    actions.forget_simulation(RoutingSimulation.objects.get())
    assert not RoutingSimulation.objects.exists(), "its reasons name colleagues"


def test_a_simulation_that_breaks_off_says_so_and_belongs_to_a_role(cast, sign_in, monkeypatch):
    """What failed, in the author's language; who was passed over is found with the reasons; a role taken back."""
    rule(name="Banque", organisation=cast.bank, kind="financing")
    lead(cast.atelier, kind="financing")
    today = timezone.localdate()
    Absence.objects.create(person=cast.kim, starts_on=today - datetime.timedelta(days=2), ends_on=today)
    done = actions.simulate_routing(by=fresh(cast.henri))
    assert cast.kim.full_name in str(done.answer["lines"])
    assert simulations_of(SimpleNamespace(users={cast.kim.pk})).get() == done
    monkeypatch.setattr("pavillon.crm.actions.simulations.AT_ONCE", 0)

    def breaks(*args, **kwargs):
        raise OSError("no room left")

    monkeypatch.setattr("pavillon.crm.actions.simulations.rehearse", breaks)
    broken = actions.simulate_routing(by=fresh(cast.henri))
    with translation.override("fr"), pytest.raises(OSError, match="no room left"):
        tasks.run_simulation(simulation_id=broken.pk)
    page = sign_in(cast.henri).get(broken.get_absolute_url()).text
    assert "This simulation has no answer." in page
    assert "Something unexpected stopped it" in page
    tasks.run_simulation(simulation_id=broken.pk)
    assert RoutingSimulation.objects.get(pk=broken.pk).state == "failed", "it has its end"
    waiting = actions.simulate_routing(by=fresh(cast.henri))
    Membership.objects.filter(pk=cast.henri.acting.pk).update(starts_on=today)
    end_membership(membership=cast.henri.acting, by=cast.alice)
    tasks.run_simulation(simulation_id=waiting.pk)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.acting) == ("failed", None)
    assert "has ended: ask again" in waiting.problem


def test_the_simulation_begins_with_the_desks_as_they_stood(cast, monkeypatch):
    """Who had much a month ago gets less at first, until what he had was answered."""
    month, day = datetime.timedelta(days=30), datetime.timedelta(days=1)
    until = timezone.now()
    since = until - month
    busy, other = sorted((cast.nour, cast.nina), key=lambda person: person.pk)
    for moment in (since - 9 * day, since - 8 * day, since - 7 * day):
        old = lead(cast.atelier)
        _move_back(old, moment, busy, answered=since + 10 * day)
    answered_before = lead(cast.atelier)
    _move_back(answered_before, since - 6 * day, other, answered=since - day)
    # What companies write to requests that were answered opens no desk anew.
    LeadStep.objects.create(lead=old, step="answered", at=since + 10 * day + month / 720, adviser=busy)
    early = [lead(cast.atelier) for _ in range(3)]
    for number, request in enumerate(early):
        _move_back(request, since + (1 + number) * day, busy)
    late = lead(cast.atelier)
    _move_back(late, since + 11 * day, busy)
    asked = rehearsed_leads(Lead.objects.all(), since, until)
    desk = Desks(since, asked).of([busy.pk])[busy.pk]
    assert (desk.open, sum(change for _at, change in desk.moves)) == (3, -3)
    read = []
    real = Desks._read
    monkeypatch.setattr(Desks, "_read", lambda desks, people: (read.append(set(people)), real(desks, people)))
    answer, _tried = simulate_routing(Lead.objects.all(), since=since, until=until)
    assert read == [{busy.pk, other.pk}], "those of the region among whom it is chosen, once; nobody else's desk"
    got = {line["lead"]: line["after"][0] for line in answer["lines"]}
    assert [got[request.pk] for request in early] == [other.pk] * 3
    assert (got[late.pk], answer["started"]) == (busy.pk, 3), "the old ones were answered meanwhile"


def _move_back(request, moment, person, answered=None):
    """A request as it would stand had it come then, to this person."""
    state = "refused" if answered else "assigned"
    Lead.objects.filter(pk=request.pk).update(
        received_at=moment, assigned_at=moment, adviser=person, closed_at=answered, state=state, closing_note="–"
    )
    request.steps.update(at=moment, adviser=person)
    if answered:
        LeadStep.objects.create(lead=request, step="refused", at=answered, adviser=person)


def test_a_rule_that_somebody_deleted_meanwhile_says_so(cast, sign_in, monkeypatch):
    """Between the page and the click a colleague takes the rule, or the whole draft, away."""
    draft = actions.start_routing_draft(by=cast.henri)
    fields = {"name": "Prêts", "wanted": {"kind": ["financing"]}, "organisation": cast.bank, "priority": 10}
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
