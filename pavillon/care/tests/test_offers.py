"""Rules recommend, the adviser adjusts, the company answers; each leaves its trace, and rules are measured by it."""

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.models import Membership, User
from pavillon.activity.models import Entry, Notification
from pavillon.agenda import models as agenda
from pavillon.care import actions
from pavillon.care.models import Offer, OfferLine, OfferQuestion, OfferRule
from pavillon.care.queries.recommending import recommend
from pavillon.care.tests.factories import assessed, offer_rule, solution
from pavillon.crm.models import CompanyProfile, Lead
from pavillon.crm.tests.factories import fresh, lead
from pavillon.reference.models import Country
from pavillon.security.models import PolicyCell
from pavillon.segments.models import Segment, SegmentMember
from pavillon.services.models import Service, ServiceOrder
from pavillon.services.tests.factories import ordered
from pavillon.solutions.models import Diagnosis, Questionnaire, Theme


def drafted(client, company):
    """The offer that one press on the company's page prepares."""
    panel = client.get(reverse("care:company_offers", args=[company.pk])).text
    assert reverse("care:draft_offer", args=[company.pk]) in panel
    answer = client.post(reverse("care:draft_offer", args=[company.pk]))
    return Offer.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def shown(client, offer):
    return client.get(offer.get_absolute_url()).context["lines"]


@pytest.mark.covers("JOUR-07")
def test_two_different_clients_get_different_offers_with_reasons(cast, sign_in, client):
    """A beginner and an experienced exporter: other lines with their reasons; adjusted, answered, ordered, counted."""
    Country.objects.get_or_create(code="BR", defaults={"name_fr": "Brésil", "name_en": "Brazil"})
    loan = solution()
    client = sign_in(cast.henri)
    write = reverse("care:create_offer_rule")
    said = {
        "name": "Débuter", "service": cast.training.pk, "weight": "20", "why_fr": "Pour débuter", "why_en": "To begin",
        "capacity_to": "2", "reason": "Les débutants se trompent en douane",
    }  # fmt: skip
    for wrong in ({"capacity_to": ""}, {"solution": loan.pk}, {"service": ""}, {"capacity_from": "4"}, {"reason": ""}):
        assert client.post(write, {**said, **wrong}).status_code == 422, wrong
    assert client.post(write, said).status_code == 302
    offer_rule(cast, "VIE", service=cast.vie, capacity_from=4, country_id="BR", weight=30, why_en="A person there")
    offer_rule(cast, "Prêt", solution=loan, intention="decided", why_en="Money for the first steps")
    assessed(cast, cast.atelier, 2, "decided")
    assessed(cast, cast.southern, 4, "engaged", countries="BR", by=cast.henri)
    client = sign_in(cast.nour)
    offer = drafted(client, cast.atelier)
    assert drafted(client, cast.atelier) == offer, "a second press opens the same draft"
    assert [str(one.line) for one in shown(client, offer)] == ["Labelling workshop", "Loan"]
    page = client.get(offer.get_absolute_url()).text
    assert "To begin" in page
    assert "Export capacity 2 of 5" in page
    other = drafted(sign_in(cast.henri), cast.southern)
    lines = shown(sign_in(cast.henri), other)
    assert [(str(one.line), one.reasons[1]) for one in lines] == [("VIE in your subsidiary", "Aims at Brazil")]
    client = sign_in(cast.nour)
    first, second = offer.lines.all()
    remove, add = reverse("care:remove_offer_line", args=[second.pk]), reverse("care:add_offer_line", args=[offer.pk])
    assert client.post(remove, {"reason": ""}).status_code == 422
    assert client.post(remove, {"reason": "Elle a déjà un prêt."}).status_code == 302
    assert client.post(add, {"words": "x"}).status_code == 422
    assert client.post(add, {"service": cast.vie.pk, "words": "Votre filiale cherche."}).status_code == 302
    twice = client.post(add, {"service": cast.vie.pk, "words": ""})
    assert (twice.status_code, "already" in twice.text) == (422, True)
    words = reverse("care:change_offer_line", args=[first.pk])
    assert client.post(words, {"words": "Comme vu ensemble mardi."}).status_code == 302
    said = {"words": "Voici ce que je vous propose."}
    assert client.post(reverse("care:change_offer", args=[offer.pk]), said).status_code == 302
    mine = reverse("care_company:my_offer", args=[offer.pk])
    assert sign_in(cast.claire).get(mine).status_code == 404, "a draft is the adviser's"
    assert sign_in(cast.nour).post(reverse("care:propose_offer", args=[offer.pk])).status_code == 302
    assert Notification.objects.filter(kind="care.offer_received", recipient=cast.claire).count() == 1
    client = sign_in(cast.claire)
    assert offer.reference in client.get(reverse("care_company:my_offers")).text
    page = client.get(mine).text
    assert [word in page for word in ("To begin", "mardi", "filiale cherche", "Voici")] == [True] * 4
    assert [word in page for word in ("Loan", "déjà un prêt", "Export capacity")] == [False] * 3, "not what we think"
    vie = OfferLine.objects.get(offer=offer, service=cast.vie)
    ask = reverse("care_company:ask_about_line", args=[vie.pk])
    assert client.post(ask, {"text": ""}).status_code == 422
    assert client.post(ask, {"text": "Combien de mois ?"}).status_code == 302
    assert client.post(reverse("care_company:accept_offer_line", args=[second.pk])).status_code == 404, "taken out"
    assert client.post(reverse("care_company:accept_offer_line", args=[first.pk])).status_code == 302
    assert f"{offer.organisation} orders it for you" in client.get(mine).text, "what comes next"
    decline = reverse("care_company:decline_offer_line", args=[vie.pk])
    assert client.post(decline, {"reason": "Trop tôt"}).status_code == 302
    late = client.post(reverse("care_company:accept_offer_line", args=[vie.pk]))
    assert (late.status_code, "Answered" in late.text or "Declined" in late.text) == (422, True)
    offer.refresh_from_db()
    assert offer.state == "answered"
    client = sign_in(cast.nour)
    question = OfferQuestion.objects.get()
    answer = reverse("care:answer_offer_question", args=[question.pk])
    assert client.post(answer, {"answer": "De six à vingt-quatre."}).status_code == 302
    assert client.post(answer, {"answer": "Encore"}).status_code == 422
    order = reverse("care:order_offer_line", args=[first.pk])
    page = client.get(offer.get_absolute_url()).text
    assert ("Order it" in page, "another price" in page) == (True, False)
    seen = cast.training.price
    for _twice in range(2):
        assert client.post(order).status_code == 302
    made = ServiceOrder.objects.get()
    assert (made.service, made.company, made.state, made.ordered_by) == (
        cast.training, cast.atelier, "ordered", cast.nour
    )  # fmt: skip
    assert made.reference in client.get(offer.get_absolute_url()).text
    assert made.price == seen, "the price that the company accepted"
    # The company's timeline tells what was proposed and answered, and leads to the offer; others' stays theirs.
    lines = reverse("crm:timeline_lines", args=[cast.atelier.pk])
    page = client.get(lines, {"kind": "offers"})
    told = [line for _day, happenings in page.context["timeline"].days for line in happenings]
    assert [(line.title, line.text, line.who) for line in told] == [
        ("Declined from the offer: VIE in your subsidiary", "Trop tôt", str(cast.atelier)),
        ("Accepted from the offer: Labelling workshop", "", str(cast.atelier)),
        (
            "Personal offer proposed", "Labelling workshop · VIE in your subsidiary",
            f"{cast.nour} · {cast.nour.organisation}",
        ),
    ]  # fmt: skip
    assert offer.get_absolute_url() in page.text
    assert "Accepted from the offer" in client.get(lines).text
    # Thirty-one newer offers do not hide what the company answers to an old one.
    newer = {"company": cast.atelier, "author": cast.nour, "organisation": cast.chamber, "state": "proposed"}
    Offer.objects.bulk_create(Offer(**newer, proposed_at=timezone.now()) for _newer in range(31))
    OfferLine.objects.filter(pk=first.pk).update(answered_at=timezone.now())
    assert "Accepted from the offer" in client.get(lines, {"kind": "offers"}).text
    assert "the offer" not in sign_in(cast.kim).get(lines).text, "it is neither of his organisation nor of his region"
    client = sign_in(cast.nour)
    worth = {one.rule.name: one for one in client.get(reverse("care:offer_rules")).context["worth"]}
    assert (worth["Débuter"].accepted, worth["Débuter"].acceptance, worth["Débuter"].ordered) == (1, 100, 1)
    assert (worth["Prêt"].removed, worth["Prêt"].proposed, worth["Prêt"].acceptance) == (1, 0, None)
    verbs = [entry.verb.rpartition(".")[2] for entry in Entry.objects.about(offer).order_by("pk")]
    assert verbs == [
        "offer_drafted", "offer_line_removed", "offer_line_added", "offer_line_changed", "offer_changed",
        "offer_proposed", "offer_question_asked", "offer_line_accepted", "offer_line_declined",
        "offer_question_answered", "offer_line_ordered",
    ]  # fmt: skip


@pytest.mark.covers("AGD-06")
def test_the_follow_up_of_an_offer_stands_in_the_agenda_and_is_seen_by_the_team(cast, sign_in):
    """Planned on what was proposed with its prices: in the adviser's agenda, on the team's page; gone once answered."""
    client, day = sign_in(cast.nour), timezone.localdate() + datetime.timedelta(days=7)
    offer = drafted(client, cast.atelier)
    actions.add_offer_line(offer=offer, target=cast.training, words="", by=fresh(cast.nour))
    plan, said = reverse("care:plan_offer_follow_up", args=[offer.pk]), {"follow_up_on": day, "follow_up_at": "15:30"}
    early = client.post(plan, said)
    assert (early.status_code, "somebody changed it" in early.text) == (422, True), "a draft is followed by nobody"
    actions.propose_offer(offer=offer, by=fresh(cast.nour))
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    for wrong in ({"follow_up_on": yesterday}, {"follow_up_on": ""}):
        assert "follow_up_on" in client.post(plan, {**said, **wrong}).context["follow_up_form"].errors
    assert "follow_up_on" in client.post(plan, {}).context["follow_up_form"].errors, "none is there to take away"
    assert "stands in the agenda" in client.post(plan, said, follow=True).text
    kept = agenda.Entry.objects.get(origin=f"care.offer:{offer.pk}")
    assert (kept.owner, kept.company, kept.minutes) == (cast.nour, cast.atelier, 30)
    assert "15:30" in client.get(offer.get_absolute_url()).text
    mine = client.get("/agenda/", {"on": str(day)}).text
    assert ('15:30<span class="till">–16:00</span>' in mine, "Follow-up of a personal offer" in mine) == (True, True)
    named = f"Follow-up of a personal offer ({offer.reference})"
    assert f"15:30 {named}" in sign_in(cast.nina).get("/agenda/team/", {"on": str(day)}).text
    for person in (cast.nina, cast.theo, cast.claire):
        assert sign_in(person).post(plan, said).status_code in (403, 404), person
    # "Today" is that of the agenda, not of whoever writes: far in the west it is still yesterday, or already tomorrow.
    User.objects.filter(pk=cast.nour.pk).update(time_zone="Etc/GMT+12")
    User.objects.filter(pk=cast.manager.pk).update(time_zone="Etc/GMT-14")
    there = timezone.localdate(timezone=ZoneInfo("Etc/GMT+12"))
    assert sign_in(cast.manager).post(plan, {**said, "follow_up_on": there}).status_code == 302, "26 hours apart"
    User.objects.filter(pk__in=[cast.nour.pk, cast.manager.pk]).update(time_zone="Europe/Paris")
    # The manager plans anew for her adviser, who has another role first; once the adviser has left it is her own.
    at = {"on": str(day)}
    Membership.objects.filter(user=cast.nour).update(is_default=False)
    other = Membership.objects.create(
        user=cast.nour, organisation=cast.agency, role="adviser", starts_on=timezone.localdate(), is_default=True
    )
    assert sign_in(cast.manager).post(plan, {**said, "follow_up_at": "16:00"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.owner, kept.organisation) == (cast.nour, cast.chamber)
    assert "16:00 " + named in sign_in(cast.nina).get("/agenda/team/", at).text
    Membership.objects.filter(user=cast.nour).exclude(pk=other.pk).delete()
    assert sign_in(cast.manager).post(plan, {**said, "follow_up_at": "17:00"}).status_code == 302
    kept.refresh_from_db()
    assert (kept.owner, kept.organisation) == (cast.manager, cast.chamber)
    assert "17:00 " + named in client.get("/agenda/team/", at).text
    client = sign_in(cast.claire)
    accept = reverse("care_company:accept_offer_line", args=[offer.lines.get().pk])
    assert client.post(accept).status_code == 302
    assert not agenda.Entry.objects.filter(origin=f"care.offer:{offer.pk}").exists(), "the company has answered"
    assert [(one.verb, one.actor) for one in Entry.objects.about(kept).order_by("pk")] == [
        ("agenda.entry_created", cast.nour), *[("agenda.entry_changed", cast.manager)] * 3,
        ("agenda.entry_deleted", cast.claire),
    ]  # fmt: skip


def test_an_order_is_agreed_at_the_price_that_the_company_accepted(cast, sign_in):
    """Dearer since: the company still reads what it accepted, and the order is proposed to it again."""
    nour = fresh(cast.nour)
    offer = actions.draft_offer(company=cast.atelier, by=nour)
    line = actions.add_offer_line(offer=offer, target=cast.training, words="", by=nour)
    actions.propose_offer(offer=offer, by=nour)
    mine = reverse("care_company:my_offer", args=[offer.pk])
    told = sign_in(cast.claire).get(mine).text
    actions.accept_offer_line(line=line, by=fresh(cast.claire))
    Service.objects.filter(pk=cast.training.pk).update(price=987654)
    page = sign_in(cast.claire).get(mine).text
    # With its thousands: three digits alone may stand in a key of the page.
    dearer = re.compile(r"987\D{0,8}654")
    assert [dearer.search(one) for one in (told, page)] == [None, None]
    client = sign_in(cast.nour)
    assert "another price" in client.get(offer.get_absolute_url()).text
    assert client.post(reverse("care:order_offer_line", args=[line.pk])).status_code == 302
    made = ServiceOrder.objects.get()
    assert (made.state, made.price, made.ordered_at) == ("proposed", 987654, None)
    assert f"you decide about {made.reference}" in sign_in(cast.claire).get(mine).text
    letter = Notification.objects.filter(recipient=cast.claire, kind="care.offer_received").latest("pk")
    assert ("another price" in letter.title, "987" in letter.body) == (True, True)
    # A colleague does not get a draft that he may not change.
    known = actions.draft_offer(company=cast.atelier, by=nour)
    assert actions.draft_offer(company=cast.atelier, by=fresh(cast.nina)) != known
    assert actions.draft_offer(company=cast.atelier, by=nour) == known


def test_each_condition_is_asked_and_what_was_done_is_not_recommended_again(cast, sign_in):
    """Sector, request, gap of the diagnosis, lifecycle, segment, service before; under way or declined: not again."""
    nour, company = fresh(cast.nour), cast.atelier
    names = [f"Service {number}" for number in range(6)]
    sold = [
        Service.objects.create(
            name_fr=name, name_en=name, kind="advice", provider=cast.chamber, price=1, vat="exempt", delivery_days=1
        )
        for name in names
    ]
    theme = Theme.objects.create(slug="price", name_fr="Prix", name_en="Price")
    segment = Segment.objects.create(name="PME bretonnes", owner=nour, sharing="network")
    conditions = [
        {"sector": cast.sector}, {"asked_for": "financing"}, {"theme": theme}, {"lifecycle": "new"},
        {"segment": segment}, {"delivered_kind": "training"},
    ]  # fmt: skip
    rules = [
        offer_rule(cast, name, service=one, **said) for name, one, said in zip(names, sold, conditions, strict=True)
    ]
    assert recommend(company, nour) == []
    type(company).objects.filter(pk=company.pk).update(sector=cast.sector)
    lead(company, kind="financing", requested_by=cast.claire)
    questionnaire = Questionnaire.objects.create(code="x", version=1, name_fr="x", name_en="x")
    Diagnosis.objects.create(
        questionnaire=questionnaire, company=company, theme_scores={"price": 20}, score=30, level=2,
        finished_at=timezone.now(),
    )  # fmt: skip
    CompanyProfile.objects.update_or_create(
        company=company, defaults={"lifecycle": "new", "export_class": "x", "computed_at": timezone.now()}
    )
    SegmentMember.objects.create(segment=segment, member=company.pk)
    order = ordered(cast)
    ServiceOrder.objects.filter(pk=order.pk).update(delivered_on=timezone.localdate())
    company.refresh_from_db()
    found = {str(one.target): one for one in recommend(company, nour)}
    assert set(found) == set(names)
    assert [found[name].reasons[0][0] for name in names] == [
        "sector", "asked_for", "theme", "lifecycle", "segment", "delivered",
    ]  # fmt: skip
    client = sign_in(cast.nour)
    offer = drafted(client, company)
    page = client.get(offer.get_absolute_url()).text
    for words in ("Its sector: Food", "Price, 20 of 100", "“PME bretonnes”", "New client", "Financing and insurance"):
        assert words in page, words
    ordered(cast, sold[0])
    actions.propose_offer(offer=offer, by=nour)
    line = offer.lines.get(service=sold[1])
    actions.decline_offer_line(line=line, reason="", by=fresh(cast.claire))
    Service.objects.filter(pk=sold[2].pk).update(is_active=False)
    Service.objects.filter(pk=sold[3].pk).update(provider=cast.other)
    assert {str(one.target) for one in recommend(company, nour)} == {names[4], names[5]}
    old = timezone.now() - datetime.timedelta(days=200)
    OfferLine.objects.filter(pk=line.pk).update(answered_at=old)
    assert names[1] in {str(one.target) for one in recommend(company, nour)}, "after half a year it may be asked again"
    assert all(rule.number for rule in rules)


def test_who_sees_an_offer_and_what_comes_too_late(cast, sign_in, django_assert_max_num_queries):
    """The organisation, the region, the agency; the company once proposed; a solution accepted is a routed request."""
    offer_rule(cast, "Prêt", solution=solution(), capacity_from=1)
    assessed(cast, cast.atelier, 3, "decided", by=cast.claire)
    client = sign_in(cast.nour)
    offer = drafted(client, cast.atelier)
    view, propose = offer.get_absolute_url(), reverse("care:propose_offer", args=[offer.pk])
    for person, status in {
        cast.manager: 200, cast.nina: 200, cast.henri: 200, cast.theo: 404, cast.partner: 404, cast.claire: 404,
    }.items():  # fmt: skip
        assert sign_in(person).get(view).status_code == status, person
    assert sign_in(cast.nina).post(propose).status_code == 403, "a colleague reads it"
    client = sign_in(cast.henri)
    foreign = drafted(client, cast.southern)
    empty = client.post(reverse("care:propose_offer", args=[foreign.pk]))
    assert (empty.status_code, "no line" in empty.text) == (422, True)
    actions.add_offer_line(offer=foreign, target=cast.vie, words="", by=fresh(cast.henri))
    unread = client.post(reverse("care:propose_offer", args=[foreign.pk]))
    assert (unread.status_code, "has an account" in unread.text) == (422, True)
    client = sign_in(cast.manager)
    assert client.post(propose).status_code == 302
    assert client.post(propose).status_code == 422
    line = offer.lines.get()
    client = sign_in(cast.claire)
    mine = reverse("care_company:my_offer", args=[offer.pk])
    assert "Export capacity 3 of 5" in client.get(mine).text, "what it told itself"
    assert client.post(reverse("care_company:accept_offer_line", args=[line.pk])).status_code == 302
    line.refresh_from_db()
    assert f"your request {line.lead.reference} goes to an adviser" in client.get(mine).text
    assert (line.lead.company, line.lead.kind, Lead.objects.count()) == (cast.atelier, "solution", 1)
    said = (line.lead.message, line.lead.is_spontaneous, line.lead.prompted_by)
    assert said == ("", False, offer.reference), "no words of the company that are the adviser's"
    with pytest.raises(actions.OfferMoved):
        actions.order_offer_line(line=line, by=fresh(cast.nour))
    withdrawn = drafted(sign_in(cast.nour), cast.atelier)
    withdraw = reverse("care:withdraw_offer", args=[withdrawn.pk])
    client = sign_in(cast.nour)
    assert client.post(withdraw, {"reason": ""}).status_code == 422
    assert "The company reads it." not in client.get(withdrawn.get_absolute_url()).context["withdraw_form"].as_p()
    assert client.post(withdraw, {"reason": "Doublon"}).status_code == 302
    assert client.post(withdraw, {"reason": "Doublon"}).status_code == 422
    client = sign_in(cast.claire)
    unseen = reverse("care_company:my_offer", args=[withdrawn.pk])
    assert client.get(unseen).status_code == 404, "what was never proposed"
    assert withdrawn.reference not in client.get(reverse("care_company:my_offers")).text
    client = sign_in(cast.nour)
    listed = reverse("care:offers")
    client.get(listed)
    with django_assert_max_num_queries(10):
        page = client.get(listed)
    assert {row.pk for row in page.context["listing"].rows} == {offer.pk, withdrawn.pk}
    assert "Atelier" in client.get(listed, {"format": "csv", "state": "withdrawn", "whose": "mine"}).text
    with django_assert_max_num_queries(24):
        client.get(view)
    PolicyCell.objects.create(role="adviser", model="care.offer", field="*", level=0)
    assert sign_in(cast.nour).get(view).status_code == 404
    for row, forget in (
        (offer, actions.forget_offer), (line, actions.forget_offer_line),
    ):  # fmt: skip
        forget(row)
    question = OfferQuestion.objects.create(line=line, text="x")
    actions.forget_offer_question(question)
    assert not OfferQuestion.objects.exists()


def test_rules_have_versions_and_lines_keep_theirs(cast, sign_in):
    """A change is a new version with its reason; what the former recommended finds it; an ended rule is silent."""
    rule = offer_rule(cast, "Tout le monde", service=cast.training, capacity_from=1)
    assessed(cast, cast.atelier, 3, "decided")
    client = sign_in(cast.nour)
    offer = drafted(client, cast.atelier)
    change = reverse("care:change_offer_rule", args=[rule.pk])
    assert client.get(change).status_code == 403
    assert "Tout le monde" in client.get(reverse("care:offer_rules")).text
    client = sign_in(cast.henri)
    form = client.get(change).context["form"]
    said = {name: form[name].value() or "" for name in form.fields} | {"weight": "50", "reason": "Elle marche"}
    assert client.post(change, said).status_code == 302
    late = client.post(change, said)
    assert (late.status_code, "no longer in force" in late.text) == (422, True)
    now = OfferRule.objects.in_force().get()
    assert (now.number, now.weight, now.pk != rule.pk) == (rule.number, 50, True)
    assert offer.lines.get().rules.get() == rule
    assert "Elle marche" in client.get(now.get_absolute_url()).text
    line = offer.lines.get()
    removed = actions.remove_offer_line(line=line, reason="Non", by=fresh(cast.nour))
    assert sign_in(cast.nour).post(reverse("care:restore_offer_line", args=[removed.pk])).status_code == 302
    client = sign_in(cast.henri)
    assert [one.recommended for one in client.get(reverse("care:offer_rules")).context["worth"]] == [1]
    end = reverse("care:end_offer_rule", args=[now.pk])
    assert [client.post(end).status_code for _twice in range(2)] == [302, 302]
    assert recommend(cast.atelier, fresh(cast.nour)) == []
