"""The team's list: everything that happens, nothing of what is written unless it is shared."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.actions import add_membership
from pavillon.accounts.models import Organisation
from pavillon.accounts.tests.factories import person
from pavillon.activity.models import Entry, Notification
from pavillon.crm.models import Referent
from pavillon.security.models import PolicyCell, Reading
from pavillon.showroom import actions
from pavillon.showroom.models import Enquiry, Product, ReplySuggestion, Shop
from pavillon.showroom.tests.test_enquiries import SECRET, ask


def page_of(client, person, enquiry):
    client.force_login(person)
    return client.get(reverse("showroom_team:enquiry", args=[enquiry.pk])).content.decode()


def company_page(client, person, enquiry):
    client.force_login(person)
    return client.get(reverse("showroom_company:enquiry", args=[enquiry.pk])).text


@pytest.mark.covers("MONI-01")
def test_any_enquiry_appears_with_its_delay_unanswered_first(cast, client):
    answered, waiting = ask(cast), ask(cast, "quote")
    Enquiry.objects.filter(pk=answered.pk).update(sent_at=timezone.now() - timedelta(minutes=45))
    actions.answer_enquiry(enquiry=answered, text="Here is the answer.", by=cast.ines)
    longer = ask(cast, "quote")
    Enquiry.objects.filter(pk=longer.pk).update(sent_at=timezone.now() - timedelta(hours=5))
    client.force_login(cast.helene)
    page = client.get(reverse("showroom_team:monitoring")).content.decode()
    assert page.index(longer.reference) < page.index(waiting.reference) < page.index(answered.reference)
    assert "45 min" in page
    assert "Awaiting an answer" in page
    assert SECRET not in page
    assert "Tom" not in page.split("<main", 1)[1]


def test_the_words_open_and_close_with_the_sellers_consent(cast, client):
    enquiry = ask(cast)
    assert SECRET not in page_of(client, cast.helene, enquiry)
    assert not Reading.objects.filter(how="document").exists()
    client.force_login(cast.ines)
    client.post(reverse("showroom_company:share_enquiry", args=[enquiry.pk]), {"share": "yes"})
    assert SECRET in page_of(client, cast.helene, enquiry)
    assert Reading.objects.filter(how="document", user=cast.helene).exists()
    # What she suggests quotes the buyer: colleagues read it as long as they may read him.
    quoting = {"text": f"You wrote: {SECRET} We can do that."}
    client.post(reverse("showroom_team:suggest_reply", args=[enquiry.pk]), quoting)
    council = Organisation.objects.create(name="Région", kind="region", region_id="53", country_id="FR")
    official = person("Odile", council, "region_official")
    assert "We can do that" in page_of(client, official, enquiry)
    assert Reading.objects.filter(how="document", user=official).count() == 1
    client.force_login(cast.ines)
    client.post(reverse("showroom_company:share_enquiry", args=[enquiry.pk]), {"share": "no"})
    assert page_of(client, cast.helene, enquiry).count(SECRET) == 1, "her own words"
    for colleague in (cast.alice, official):
        page = page_of(client, colleague, enquiry)
        assert (SECRET in page, "We can do that" in page, cast.helene.full_name in page) == (False, False, True)
    assert Reading.objects.filter(how="document", user__in=[cast.alice, official]).count() == 1
    assert "We can do that" in company_page(client, cast.ines, enquiry)


@pytest.mark.covers("MONI-02")
def test_an_enquiry_that_waited_too_long_reaches_the_adviser_once(cast, client):
    enquiry = ask(cast)
    assert actions.tell_unanswered() == 0
    Enquiry.objects.filter(pk=enquiry.pk).update(sent_at=timezone.now() - timedelta(hours=25))
    assert actions.tell_unanswered() == 1
    assert actions.tell_unanswered() == 0
    told = Notification.objects.get(kind="showroom.enquiry_unanswered")
    assert told.recipient == cast.helene
    client.force_login(cast.helene)
    assert "Mécanique Iroise" in client.get(reverse("showroom_team:desk_panel")).content.decode()
    client.force_login(cast.gael)
    assert "Mécanique Iroise" not in client.get(reverse("showroom_team:desk_panel")).content.decode()


@pytest.mark.covers("MONI-02")
def test_the_adviser_suggests_an_answer_and_passes_up_what_waits(cast, client):
    """The company reads the suggestion, changes it and answers; managers learn why they are needed."""
    enquiry, words = ask(cast), "We deliver to Brazil within six weeks."
    suggest, escalate = (
        reverse(f"showroom_team:{deed}", args=[enquiry.pk]) for deed in ("suggest_reply", "escalate_enquiry")
    )
    for other in (cast.ines, cast.tom, cast.gael):
        client.force_login(other)
        assert {client.post(url, {"text": words, "reason": words}).status_code for url in (suggest, escalate)} <= {
            403,
            404,
        }
    client.force_login(cast.helene)
    assert client.post(suggest, {"text": "x"}).status_code == 422
    assert client.post(suggest, {"text": words}).status_code == 302
    page = page_of(client, cast.helene, enquiry)
    assert (words in page, SECRET in page) == (True, False), "to suggest opens nothing"
    # What was written too early is taken back, by whoever wrote it.
    back = reverse("showroom_team:withdraw_suggestion", args=[ReplySuggestion.objects.get().pk])
    assert back in page
    for other in (cast.ines, cast.tom, cast.gael, cast.alice):
        client.force_login(other)
        assert client.post(back).status_code in (403, 404), other
    client.force_login(cast.helene)
    assert client.post(back).status_code == 302
    assert not ReplySuggestion.objects.exists()
    assert client.post(suggest, {"text": words}).status_code == 302
    # Passed up once, with a reason that managers read unless the privileges hide it from them, as it does on the page.
    cell = PolicyCell.objects.create(role="adviser", model="showroom.enquiry", field="next_step", level=1)
    assert client.post(escalate, {"reason": "Not his to write"}).status_code == 403
    assert escalate not in page_of(client, cast.helene, enquiry)
    PolicyCell.objects.filter(pk=cell.pk).update(role="showroom_manager", level=0)
    bank = Organisation.objects.create(name="Banque", kind="bank", country_id="FR")
    marie = person("Marie", bank, "sales")
    add_membership(user=marie, organisation=cast.helene.organisation, role="team_manager", by=None)
    oscar = person("Oscar", cast.gael.organisation, "team_manager")
    assert client.post(escalate, {"reason": ""}).status_code == 422
    page = client.post(escalate, {"reason": "The company does not pick up"}, follow=True).text
    assert ("Told: Marie Test, Alice Test." in page, "Your own managers do not" in page) == (True, False)
    again = client.post(escalate, {"reason": "Still not"})
    assert (again.status_code, "A colleague passed it up already" in again.text) == (422, True)
    told = Notification.objects.filter(kind="showroom.enquiry_unanswered", body="The company does not pick up")
    assert {one.recipient for one in told} == {marie}
    assert Notification.objects.get(kind="showroom.enquiry_unanswered", body="").recipient == cast.alice
    assert "does not pick up" not in page_of(client, cast.alice, enquiry)
    cell.delete()
    assert "does not pick up" in page_of(client, cast.alice, enquiry)
    client.force_login(cast.alice)
    assert "with managers" in client.get(reverse("showroom_team:monitoring")).text
    other = ask(cast, "quote")
    for state, listed in (("escalated", {enquiry}), ("new", {enquiry, other}), ("answered", set())):
        rows = client.get(reverse("showroom_team:monitoring"), {"state": state}).context["listing"].rows
        assert set(rows) == listed, state
    # It ends as no business of theirs, and the buyer writes again: he waits anew, and may be passed up anew.
    assert words in company_page(client, cast.ines, enquiry)
    live = client.get(reverse("showroom_company:enquiry", args=[enquiry.pk]), headers={"HX-Request": "true"}).text
    assert ('hx-select-oob="#suggestions"' in live, words in live, "<form" in live) == (True, True, False)
    actions.close_enquiry(enquiry=enquiry, reason="unsuitable", by=cast.ines)
    assert words not in company_page(client, cast.ines, enquiry), "nothing to answer"
    actions.write_message(enquiry=enquiry, text="It is serious.", by=cast.tom)
    client.force_login(cast.helene)
    assert "with managers" not in page_of(client, cast.helene, enquiry)
    assert Entry.objects.about(enquiry).filter(verb="showroom.message_written", changes__has_key="escalated_at")
    assert client.post(escalate, {"reason": "He wrote again"}).status_code == 302
    page = page_of(client, cast.alice, enquiry)
    assert ("He wrote again" in page, f"by {cast.helene.full_name}" in page) == (True, True)
    assert all(name in page.partition("Told:")[2][:120] for name in ("Marie Test", "Alice Test")), (
        "it stays on the record"
    )
    # The company's timeline leads to it.
    told = client.get(reverse("crm:timeline_lines", args=[enquiry.shop.company_id]), {"kind": "changes"}).text
    assert f'href="{reverse("showroom_team:enquiry", args=[enquiry.pk])}"' in told
    # The company finds it beside the request, and in its answer.
    assert Notification.objects.filter(kind="showroom.seller_reminded", recipient=cast.ines).exists()
    suggestion, mine = ReplySuggestion.objects.get(), reverse("showroom_company:enquiry", args=[enquiry.pk])
    client.force_login(cast.ines)
    assert f"?suggested={suggestion.pk}#answer" in client.get(mine).text
    form = client.get(mine, {"suggested": suggestion.pk}).context["form"]
    assert form.initial == {"text": words, "suggested": suggestion.pk}
    answer = reverse("showroom_company:answer_enquiry", args=[enquiry.pk])
    assert client.post(answer, {"text": f"{words} Inès", "suggested": suggestion.pk}).status_code == 302
    assert client.post(answer, {"text": "And more", "suggested": "x"}).status_code == 302, "an answer is not lost"
    suggestion.refresh_from_db()
    assert suggestion.used_at
    assert "used by the company" in page_of(client, cast.helene, enquiry)
    used = client.post(reverse("showroom_team:withdraw_suggestion", args=[suggestion.pk]), follow=True)
    assert "answered with this suggestion meanwhile" in used.text
    late = client.post(escalate, {"reason": "Too late"})
    assert late.status_code == 403, "nobody waits"
    client.force_login(cast.tom)
    theirs = client.get(reverse("showroom_buyer:my_enquiry", args=[enquiry.pk])).text
    assert ("Inès" in theirs, "suggest" in theirs) == (True, False)
    verbs = set(Entry.objects.about(enquiry).values_list("verb", flat=True))
    assert {"showroom.reply_suggested", "showroom.enquiry_escalated"} <= verbs
    assert words not in str(Entry.objects.about(enquiry).values()), "the trail keeps that, not what"
    actions.forget_suggestion(suggestion)
    assert words not in page_of(client, cast.helene, enquiry)
    ReplySuggestion.objects.update(used_at=None)
    assert "suggests this answer" not in company_page(client, cast.ines, enquiry)
    # A referent of another region: his managers cannot open it, so they are not told, and he reads who was.
    Referent.objects.create(company=cast.iroise, adviser=cast.gael, organisation=cast.gael.organisation)
    far = reverse("showroom_team:escalate_enquiry", args=[ask(cast, "quote").pk])
    client.force_login(cast.gael)
    page = client.post(far, {"reason": "Nobody answers my calls"}, follow=True).text
    assert "Told: Alice Test. Your own managers do not see" in page
    assert not Notification.objects.filter(recipient=oscar).exists()


def test_the_agency_sets_after_how_many_hours(cast, client):
    enquiry = ask(cast)
    Enquiry.objects.filter(pk=enquiry.pk).update(sent_at=timezone.now() - timedelta(hours=5))
    client.force_login(cast.alice)
    client.post(reverse("showroom_team:change_showroom_settings"), {"target_shops": 60, "unanswered_hours": 4})
    assert actions.tell_unanswered() == 1


def test_the_adviser_plans_and_reminds(cast, client):
    enquiry = ask(cast)
    client.force_login(cast.helene)
    plan = reverse("showroom_team:plan_enquiry", args=[enquiry.pk])
    assert client.post(plan, {"next_step": "Call Inès"}).status_code == 422
    client.post(plan, {"next_step": "Call Inès", "next_step_on": "2030-01-15"})
    enquiry.refresh_from_db()
    assert (enquiry.next_step, str(enquiry.next_step_on)) == ("Call Inès", "2030-01-15")
    client.post(reverse("showroom_team:remind_seller", args=[enquiry.pk]))
    assert Notification.objects.filter(kind="showroom.seller_reminded", recipient=cast.ines).exists()


@pytest.mark.covers("MONI-03")
def test_viewing_a_product_moves_the_funnel(cast, client):
    panel = reverse("showroom_team:company_panel", args=[cast.iroise.pk])
    client.get(cast.product.get_absolute_url())
    client.get(cast.product.get_absolute_url())
    ask(cast)
    client.force_login(cast.helene)
    page = "".join(client.get(panel).content.decode().split())
    assert "<dt>Views</dt><dd>2</dd>" in page
    assert "<dt>Requests</dt><dd>1</dd>" in page
    assert SECRET not in page


@pytest.mark.covers("LINK-06")
def test_buyers_are_reported_by_country(cast, client):
    client.force_login(cast.alice)
    page = client.get(reverse("showroom_team:buyers_by_country")).content.decode()
    assert "Brazil" in page
    assert "1 registered, 1 of them outside France" in page


def test_the_list_costs_a_bounded_number_of_statements(cast, client, django_assert_max_num_queries):
    for _n in range(5):
        ask(cast)
    client.force_login(cast.alice)
    client.get(reverse("showroom_team:monitoring"))
    with django_assert_max_num_queries(20):
        client.get(reverse("showroom_team:monitoring"))


def test_the_agency_sees_what_waits_where_its_day_begins(cast, client, django_assert_max_num_queries):
    client.force_login(cast.alice)
    panel = reverse("showroom_team:approvals_panel")
    for page in ("workspace:desk", "reporting:dashboard"):
        assert panel in client.get(reverse(page)).text
    waiting = Product.objects.filter(state="published").first()
    Product.objects.filter(pk=waiting.pk).update(to_check_since=timezone.now())
    with django_assert_max_num_queries(12):
        answer = client.get(panel)
    assert (answer.context["submitted"], answer.context["changed"], answer.context["asked"]) == (0, 1, 0)
    assert reverse("showroom_team:review_product", args=[waiting.pk]) in answer.text
    assert client.get(reverse("ui:view_badge", args=["workspace-showroom_team-approvals"])).text == "1"
    client.force_login(cast.yann)
    assert client.get(panel).status_code == 403


def test_the_home_page_counts_the_companies_that_its_link_lists(cast, client):
    Shop.objects.filter(state="online").update(is_referenced=False)
    home = client.get(reverse("showroom:home"))
    listed = client.get(reverse("showroom:search"), {"kind": "company"})
    assert home.context["shops"] == listed.context["hits"].total > 0
