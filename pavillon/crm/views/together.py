"""What organisations do together about a company: discussions, followers, tasks."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.enums import FollowTopic
from pavillon.crm.forms.together import ChangeTaskForm, CommentForm, DiscussionForm, FollowForm, GiveTaskForm
from pavillon.crm.models import Comment, Discussion, Lead, SharedTask
from pavillon.crm.queries import together as queries
from pavillon.directory.models import Company
from pavillon.ui.htmx import form_page, fragment, is_htmx, toast
from pavillon.ui.messages import say

# On the page of a company, where the timeline follows.
LATEST = 3


def discussions_context(request, company, form=None, lead=None):
    """What is said about a company, or about one of its requests, and the field to say more."""
    user = request.user
    found = queries.discussions_of(company, user, lead=lead)
    is_panel = is_htmx(request) and lead is None
    if form is None and user.has_perm("crm.start_discussion", company):
        form = DiscussionForm(user=user, auto_id="discussion_%s")
    return {
        "company": company,
        "lead": lead,
        "discussions": found[:LATEST] if is_panel else found,
        "more": len(found) - LATEST if is_panel else 0,
        "form": form,
    }


@require_GET
@requires("crm.view_discussions", on=Company, how="panel")
def view_discussions(request, company):
    """Composer and discussions: a panel of the company's page, a page of its own without script."""
    context = discussions_context(request, company)
    return fragment(request, "crm/view_discussions.html", "crm/_discussions_panel.html", context)


@require_GET
@requires("crm.view_discussions", on=Company, how="panel")
def discussion_lines(request, company):
    """The discussions alone: loaded again because somebody wrote."""
    context = discussions_context(request, company)
    return fragment(request, "crm/view_discussions.html", "crm/_discussions.html", context)


def _say_comment(request, company, form, lead=None):
    """Start a discussion, then show the panel again or go back to the record."""
    record = lead or company
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.start_discussion(
                company=company,
                lead=lead,
                text=data["text"],
                visibility=data["visibility"],
                people=form.people,
                by=request.user,
            )
        except actions.MayNotRead as error:
            form.add_error("text", ValidationError(str(error)))
        else:
            done = _("Your comment is there; whoever is named in it was told.")
            if is_htmx(request) and lead is None:
                return toast(
                    render(request, "crm/_discussions_panel.html", discussions_context(request, company)), done
                )
            say(request, done)
            return redirect(record)
    context = discussions_context(request, company, form, lead)
    template = "crm/_discussions_panel.html" if is_htmx(request) else "crm/view_discussions.html"
    return render(request, template, context, status=422)


@require_POST
@requires("crm.start_discussion", on=Company)
def start_discussion(request, company):
    return _say_comment(request, company, DiscussionForm(request.POST, user=request.user, auto_id="discussion_%s"))


@require_POST
@requires("crm.discuss_lead", on=Lead)
def discuss_lead(request, lead):
    form = DiscussionForm(request.POST, user=request.user, auto_id="discussion_%s")
    return _say_comment(request, lead.company, form, lead)


def _discussion_page(request, discussion, form=None):
    found = queries.with_comments(Discussion.objects.visible_to(request.user)).get(pk=discussion.pk)
    if form is None and request.user.has_perm("crm.answer_discussion", discussion):
        form = CommentForm(user=request.user)
    return form_page(request, "crm/discussion.html", {"discussion": found, "form": form})


@require_GET
@requires("crm.view_discussion", on=Discussion)
def discussion(request, discussion):
    """One discussion, where notifications lead: read and answer."""
    return _discussion_page(request, discussion)


@require_POST
@requires("crm.answer_discussion", on=Discussion)
def answer_discussion(request, discussion):
    form = CommentForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            actions.answer_discussion(
                discussion=discussion, text=form.cleaned_data["text"], people=form.people, by=request.user
            )
        except actions.MayNotRead as error:
            form.add_error("text", ValidationError(str(error)))
        else:
            say(request, _("Your answer is there; those who take part were told."))
            return redirect(discussion)
    return _discussion_page(request, discussion, form)


@requires("crm.change_comment", on=Comment)
def change_comment(request, comment):
    form = CommentForm(request.POST or None, user=request.user, row=comment, initial={"text": comment.text})
    if form.is_valid():
        try:
            actions.change_comment(comment=comment, text=form.cleaned_data["text"], people=form.people, by=request.user)
        except actions.MayNotRead as error:
            form.add_error("text", ValidationError(str(error)))
        else:
            say(request, _("The comment was corrected; the former text stays in the trail."))
            return redirect(comment.discussion)
    return form_page(request, "crm/change_comment.html", {"form": form, "comment": comment})


@require_GET
@requires("crm.find_people")
def find_people(request):
    """Colleagues whose name begins as typed behind an @: a fragment of options."""
    text = request.GET.get("q", "").strip()
    people = queries.suggested_people(text, request.user) if text else []
    return render(request, "crm/_suggested_people.html", {"people": people})


@require_GET
@requires("crm.view_tasks", on=Company, how="panel")
def company_tasks(request, company):
    """What is to be done about a company, by whom and before when: a panel."""
    context = {
        "company": company,
        "tasks": queries.tasks_of(company, request.user),
        "may_give": request.user.has_perm("crm.give_task", company),
    }
    return fragment(request, "crm/company_tasks.html", "crm/_company_tasks.html", context)


@require_GET
@requires("crm.view_tasks")
def my_tasks(request):
    """What I have to do and what I asked for: a panel of the desk."""
    context = {"tasks": queries.tasks_of_person(request.user)}
    return fragment(request, "crm/my_tasks.html", "crm/_my_tasks.html", context)


@requires("crm.give_task", on=Company)
def give_task(request, company):
    form = GiveTaskForm(request.POST or None, user=request.user, region_id=company.region_id)
    if form.is_valid():
        data = form.cleaned_data
        try:
            task = actions.give_task(
                company=company,
                what=data["what"],
                due_on=data["due_on"],
                to=form.colleague,
                organisation=form.team,
                by=request.user,
            )
        except actions.MayNotRead as error:
            form.add_error("member", ValidationError(str(error)))
        else:
            say(request, _("%(person)s has it to do, and was told.") % {"person": task.given_to})
            return redirect(company)
    return form_page(request, "crm/give_task.html", {"form": form, "company": company})


@requires("crm.change_task", on=SharedTask)
def change_task(request, sharedtask):
    initial = {"what": sharedtask.what, "due_on": sharedtask.due_on}
    form = ChangeTaskForm(request.POST or None, user=request.user, row=sharedtask, initial=initial)
    if form.is_valid():
        data = {name: form.cleaned_data.get(name, initial[name]) for name in initial}
        actions.change_task(task=sharedtask, by=request.user, **data)
        say(request, _("The task was changed; %(person)s was told.") % {"person": sharedtask.given_to})
        return redirect(sharedtask.company)
    return form_page(request, "crm/change_task.html", {"form": form, "task": sharedtask})


@require_POST
@requires("crm.finish_task", on=SharedTask)
def finish_task(request, sharedtask):
    actions.finish_task(task=sharedtask, by=request.user)
    say(request, _("Task done"))
    return redirect("accounts:home" if request.POST.get("from") == "desk" else sharedtask.company)


@require_POST
@requires("crm.reopen_task", on=SharedTask)
def reopen_task(request, sharedtask):
    actions.reopen_task(task=sharedtask, by=request.user)
    say(request, _("Task to be done again"))
    return redirect(sharedtask.company)


@require_GET
@requires("crm.view_followers", on=Company, how="panel")
def view_followers(request, company):
    """Who follows the company, and what I am told of: a panel."""
    follow = queries.own_follow(company, request.user)
    chosen = follow.topics if follow else FollowTopic.values
    context = {
        "company": company,
        "follow": follow,
        "topics": [FollowTopic(topic).label for topic in follow.topics] if follow else [],
        "followers": queries.followers_of(company, request.user),
        "form": FollowForm(initial={"topics": chosen}, auto_id="follow_%s"),
    }
    return fragment(request, "crm/view_followers.html", "crm/_followers.html", context)


@require_POST
@requires("crm.follow_company", on=Company)
def follow_company(request, company):
    form = FollowForm(request.POST, auto_id="follow_%s")
    if form.is_valid():
        actions.follow_company(company=company, topics=form.cleaned_data["topics"], by=request.user)
        say(request, _("You follow %(company)s.") % {"company": company})
        return redirect(company)
    context = {"company": company, "form": form, "follow": queries.own_follow(company, request.user)}
    return form_page(request, "crm/view_followers.html", context)


@require_POST
@requires("crm.unfollow_company", on=Company)
def unfollow_company(request, company):
    actions.unfollow_company(company=company, by=request.user)
    say(request, _("You no longer follow %(company)s.") % {"company": company})
    return redirect(company)
