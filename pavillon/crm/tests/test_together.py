"""Comments, mentions, followers and tasks between organisations: who is told, who reads, who may act."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.accounts.tests import factories as accounts
from pavillon.activity.models import Notification
from pavillon.crm import actions
from pavillon.crm.models import Comment, Discussion, Follow, Mention, SharedTask
from pavillon.crm.queries.together import people_named_in
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.actions import change_company, flag_company, merge_companies


def told(kind):
    """{first name: title} of those who were told."""
    rows = Notification.objects.filter(kind=kind).select_related("recipient").order_by("pk")
    return {row.recipient.first_name: row.title for row in rows}


def comment(cast, text, by=None, **more):
    people = people_named_in(text).people
    return actions.start_discussion(company=cast.atelier, text=text, people=people, by=fresh(by or cast.nour), **more)


def finders(cast, row):
    people = {name: fresh(one) for name, one in vars(cast).items() if isinstance(one, User)}
    return {name for name, user in people.items() if type(row).objects.visible_to(user).filter(pk=row.pk)}


@pytest.mark.covers("BASE-15")
def test_a_colleague_of_another_organisation_is_named_is_told_and_answers_in_the_record(cast, sign_in):
    start = reverse("crm:start_discussion", args=[cast.atelier.pk])
    text = f"Une avance serait utile, @{cast.kim.full_name} ?"
    answer = sign_in(cast.nour).post(start, {"text": text, "visibility": "organisation"})
    assert answer.status_code == 302
    discussion = Discussion.objects.get()
    assert set(told("crm.mentioned")) == {cast.kim.first_name}
    note = Notification.objects.get(kind="crm.mentioned")
    assert note.url == discussion.get_absolute_url()
    assert cast.atelier.name in note.title
    page = sign_in(cast.kim).get(note.url)
    assert "Une avance serait utile" in page.text
    assert reverse("crm:answer_discussion", args=[discussion.pk]) in page.text
    said = sign_in(cast.kim).post(reverse("crm:answer_discussion", args=[discussion.pk]), {"text": "Oui, 50 000 €."})
    assert said.status_code == 302
    assert set(told("crm.discussion_answered")) == {cast.nour.first_name}
    panel = sign_in(cast.nina).get(reverse("crm:view_discussions", args=[cast.atelier.pk])).text
    assert "Oui, 50 000 €." in panel, "the colleagues of who began it follow"
    assert sign_in(cast.theo).get(note.url).status_code == 404, "nobody else does"


@pytest.mark.parametrize(
    ("visibility", "readers"),
    [
        ("organisation", {"nour", "nina", "manager", "theo"}),
        ("region", {"nour", "nina", "manager", "official", "alice", "henri", "kim", "theo"}),
    ],
)
def test_who_finds_a_discussion_in_which_somebody_is_named(cast, visibility, readers):
    discussion = comment(cast, f"Vois avec moi @{cast.theo.full_name}", visibility=visibility)
    assert finders(cast, discussion) == readers
    assert finders(cast, discussion.comments.get()) == readers


def named(first_name, last_name, organisation, email):
    user = accounts.person(first_name, organisation, Role.ADVISER, email=email)
    user.last_name = last_name
    user.save()
    return user


def test_names_are_found_without_case_or_accents_and_the_longest_wins(cast):
    short = named("Jean", "Le", cast.chamber, "jl@x.example")
    long = named("Jean", "Lé Bihan", cast.chamber, "jlb@x.example")
    assert people_named_in("@jean le bihan, tu peux ?").people == [long]
    assert people_named_in("(@JEAN LE) merci").people == [short]
    assert people_named_in("écris à @jl@x.example").people == [short]
    assert people_named_in("contact@atelier.example").people == []
    assert people_named_in("@Personne Du-Tout").unknown == ["Personne Du-Tout"]
    named("Jean", "Le Bihan", cast.agency, "other@x.example")
    assert people_named_in("@Jean Le Bihan").several == ["Jean Le Bihan"]
    assert people_named_in(f"@{cast.claire.full_name}").unknown, "companies are not of the team"


def test_a_comment_that_names_nobody_known_comes_back_with_the_reason(cast, sign_in):
    start = reverse("crm:start_discussion", args=[cast.atelier.pk])
    answer = sign_in(cast.nour).post(start, {"text": "@Nobody Here ?", "visibility": "team"})
    assert answer.status_code == 422
    assert "Nobody Here" in answer.text
    assert not Discussion.objects.exists()


def test_nobody_is_named_into_a_company_closed_to_him(cast, sign_in):
    officer = fresh(cast.security)
    flag_company(
        company=cast.atelier,
        by=officer,
        reason="Brevet",
        state_service="SISSE",
        state_contact="x",
        organisations=[cast.chamber],
        people=[],
    )
    start = reverse("crm:start_discussion", args=[cast.atelier.pk])
    answer = sign_in(cast.nour).post(start, {"text": f"@{cast.kim.full_name} ?", "visibility": "team"})
    assert answer.status_code == 422
    assert not Mention.objects.exists()
    with pytest.raises(actions.MayNotRead):
        actions.give_task(
            company=cast.atelier,
            what="x",
            due_on=timezone.localdate(),
            to=fresh(cast.kim),
            organisation=cast.bank,
            by=fresh(cast.nour),
        )


def test_only_its_author_changes_a_comment_and_who_is_newly_named_is_told(cast, sign_in):
    words = comment(cast, "À voir").comments.get()
    url = reverse("crm:change_comment", args=[words.pk])
    assert sign_in(cast.nina).get(url).status_code == 403
    assert sign_in(cast.theo).get(url).status_code == 404
    assert sign_in(cast.nour).post(url, {"text": f"À voir avec @{cast.theo.full_name}"}).status_code == 302
    assert set(told("crm.mentioned")) == {cast.theo.first_name}
    words.refresh_from_db()
    assert words.changed_at is not None
    actions.change_comment(comment=words, text=f"@{cast.theo.full_name} encore", people=[cast.theo], by=cast.nour)
    assert Notification.objects.filter(kind="crm.mentioned").count() == 1, "told once"


def test_a_request_has_its_own_discussion(cast, sign_in):
    request = lead(cast.atelier)
    url = reverse("crm:discuss_lead", args=[request.pk])
    assert sign_in(cast.nour).post(url, {"text": "Dossier urgent", "visibility": "region"}).status_code == 302
    assert Discussion.objects.get().lead == request
    assert "Dossier urgent" in sign_in(cast.nina).get(request.get_absolute_url()).text


def test_colleagues_are_suggested_by_the_beginning_of_their_name(cast, sign_in):
    url = reverse("crm:find_people")
    found = sign_in(cast.nour).get(url, {"q": cast.kim.first_name[:2].lower()}).text
    assert cast.kim.full_name in found
    assert cast.claire.full_name not in sign_in(cast.nour).get(url, {"q": cast.claire.first_name}).text
    assert sign_in(cast.claire).get(url, {"q": "k"}).status_code == 403


@pytest.mark.covers("BASE-15")
def test_who_follows_a_company_is_told_of_what_he_chose_and_may_see(cast, sign_in):
    def follow(user, *topics):
        url = reverse("crm:follow_company", args=[cast.atelier.pk])
        assert sign_in(user).post(url, {"topics": topics}).status_code == 302

    follow(cast.kim, "exchanges", "state")
    follow(cast.theo, "exchanges")
    follow(cast.alice, "requests")
    actions.log_interaction(
        company=cast.atelier,
        kind="call",
        happened_at=timezone.now(),
        summary="Confidentiel",
        by=fresh(cast.nour),
        visibility="organisation",
    )
    assert told("crm.followed") == {}, "a private note tells nobody else"
    comment(cast, "Pour la région", visibility="region")
    assert set(told("crm.followed")) == {cast.kim.first_name}, "Theo is of another region"
    Notification.objects.all().delete()
    lead(cast.atelier)
    assert set(told("crm.followed")) == {cast.alice.first_name}
    Notification.objects.all().delete()
    change_company(company=cast.atelier, by=fresh(cast.nour), export_class="occasional")
    assert set(told("crm.followed")) == {cast.kim.first_name}
    assert sign_in(cast.kim).post(reverse("crm:unfollow_company", args=[cast.atelier.pk])).status_code == 302
    assert set(Follow.objects.values_list("person__first_name", flat=True)) == {
        cast.theo.first_name,
        cast.alice.first_name,
    }
    wrong = sign_in(cast.kim).post(reverse("crm:follow_company", args=[cast.atelier.pk]), {})
    assert wrong.status_code == 422


def test_a_merge_keeps_followers_with_what_they_chose_of_either(cast):
    for company, topics in ((cast.atelier, ["state"]), (cast.southern, ["requests"])):
        actions.follow_company(company=company, topics=topics, by=cast.nour)
    merge_companies(kept=cast.atelier, removed=cast.southern, by=cast.henri)
    assert Follow.objects.get().topics == ["state", "requests"]


def give(cast, sign_in, days=2, to=None, **more):
    to = to or cast.kim
    day = timezone.localdate() + datetime.timedelta(days=days)
    data = {"what": "Envoyer le plan de financement", "due_on": day.isoformat(), "email": to.email, **more}
    return sign_in(cast.nour).post(reverse("crm:give_task", args=[cast.atelier.pk]), data)


@pytest.mark.covers("BASE-15")
def test_a_task_goes_to_another_organisation_stands_on_both_desks_and_is_done(cast, sign_in):
    assert give(cast, sign_in).status_code == 302
    task = SharedTask.objects.get()
    assert (task.organisation, task.asking_organisation) == (cast.kim.organisation, cast.nour.organisation)
    assert "plan de financement" in told("crm.task")[cast.kim.first_name]
    for person in (cast.nour, cast.kim):
        assert "plan de financement" in sign_in(person).get(reverse("crm:my_tasks")).text
    tasks = reverse("crm:company_tasks", args=[cast.atelier.pk])
    assert "plan de financement" in sign_in(cast.nina).get(tasks).text
    assert "plan de financement" not in sign_in(cast.theo).get(tasks).text
    finish = reverse("crm:finish_task", args=[task.pk])
    assert sign_in(cast.nina).post(finish).status_code == 403, "a colleague reads it, he does not tick it"
    assert sign_in(cast.theo).post(finish).status_code == 404
    assert sign_in(cast.kim).post(finish, {"from": "desk"}).status_code == 302
    task.refresh_from_db()
    assert task.done_by == cast.kim
    assert told("crm.task")[cast.nour.first_name].startswith(("Done", "Fait"))
    assert not sign_in(cast.kim).get(reverse("crm:my_tasks")).context["tasks"]
    sign_in(cast.nour).post(reverse("crm:reopen_task", args=[task.pk]))
    assert sign_in(cast.kim).get(reverse("crm:my_tasks")).context["tasks"].mine == [task]


def test_a_task_needs_a_day_to_come_and_is_put_off_by_who_asked(cast, sign_in):
    assert give(cast, sign_in, days=-1).status_code == 422
    give(cast, sign_in)
    task = SharedTask.objects.get()
    later = (timezone.localdate() + datetime.timedelta(days=9)).isoformat()
    url = reverse("crm:change_task", args=[task.pk])
    assert sign_in(cast.kim).get(url).status_code == 403
    assert sign_in(cast.nour).post(url, {"what": task.what, "due_on": later}).status_code == 302
    task.refresh_from_db()
    assert task.due_on.isoformat() == later


def test_a_task_is_reminded_once_before_its_day_and_once_when_late(cast, sign_in):
    give(cast, sign_in, days=1)
    Notification.objects.all().delete()
    assert (actions.remind_tasks(), actions.remind_tasks()) == (1, 0)
    assert set(told("crm.task")) == {cast.kim.first_name}
    SharedTask.objects.update(due_on=timezone.localdate() - datetime.timedelta(days=1))
    Notification.objects.all().delete()
    assert (actions.remind_tasks(), actions.remind_tasks()) == (1, 0)
    assert set(told("crm.task")) == {cast.kim.first_name, cast.nour.first_name}
    SharedTask.objects.update(due_on=timezone.localdate() + datetime.timedelta(days=9))
    assert actions.remind_tasks() == 0


def test_panels_cost_the_same_whatever_their_length(cast, sign_in, django_assert_max_num_queries):
    for n in range(6):
        comment(cast, f"n° {n} @{cast.kim.full_name}", visibility="team")
        give(cast, sign_in)
    client = sign_in(cast.nour)
    for name in ("view_discussions", "company_tasks", "view_followers"):
        with django_assert_max_num_queries(26):
            client.get(reverse(f"crm:{name}", args=[cast.atelier.pk]))


def test_forget_comment_and_forget_task_lose_the_words(cast, sign_in):
    words = comment(cast, "Jean est malade").comments.get()
    give(cast, sign_in)
    actions.forget_comment(words)
    actions.forget_task(SharedTask.objects.get())
    assert Comment.objects.get().text == ""
    assert SharedTask.objects.get().what == ""
