"""What is said about a person of a company, or about a record of a room above (a product), and who follows it."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.together import DiscussionForm
from pavillon.crm.models import RecordFollow
from pavillon.crm.models.records import record_for
from pavillon.crm.queries import together as queries
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company, Contact
from pavillon.ui.htmx import fragment, is_htmx, toast
from pavillon.ui.messages import say

PAGE, PIECE = "crm/record_discussions.html", "crm/_record_discussions.html"


def _context(request, company, addresses, form=None, **of):
    """Composer, discussions and followers of one record; `of` is `contact=` or `about=`."""
    may = request.user.has_perm("crm.start_discussion", company)
    return {
        "company": company,
        "record": of.get("contact") or of["about"],
        "discussions": queries.discussions_of(company, request.user, **of),
        "followed": queries.record_followers(request.user, **of),
        "form": form or (DiscussionForm(user=request.user, auto_id="record_%s") if may else None),
        "addresses": addresses,
        "on_record": True,
    }


def _say(request, company, addresses, back, **of):
    """Start a discussion, then show the panel again or go back to the record."""
    form = DiscussionForm(request.POST, user=request.user, auto_id="record_%s")
    if form.is_valid():
        words = {"text": form.cleaned_data["text"], "visibility": form.cleaned_data["visibility"]}
        try:
            actions.start_discussion(company=company, people=form.people, by=request.user, **words, **of)
        except actions.MayNotRead as error:
            form.add_error("text", ValidationError(str(error)))
        else:
            done = _("Your comment is there; whoever is named in it was told.")
            if is_htmx(request):
                return toast(render(request, PIECE, _context(request, company, addresses, **of)), done)
            say(request, done)
            return redirect(back)
    return render(
        request, PIECE if is_htmx(request) else PAGE, _context(request, company, addresses, form, **of), status=422
    )


def _of_contact(contact):
    names = ("contact_discussions", "discuss_contact", "follow_contact")
    keys = ("read", "discuss", "follow")
    return {key: reverse(f"crm:{name}", args=[contact.pk]) for key, name in zip(keys, names, strict=True)}


@require_GET
@requires("crm.view_contact_discussions", on=Contact, how="panel")
def contact_discussions(request, contact):
    """A panel of a person's page; a page of its own without script."""
    context = _context(request, contact.company, _of_contact(contact), contact=contact)
    return fragment(request, PAGE, PIECE, context)


@require_POST
@requires("crm.discuss_contact", on=Contact)
def discuss_contact(request, contact):
    return _say(request, contact.company, _of_contact(contact), contact.get_absolute_url(), contact=contact)


@require_POST
@requires("crm.follow_contact", on=Contact)
def follow_contact(request, contact):
    actions.follow_record(company=contact.company, contact=contact, by=request.user)
    say(request, _("You follow %(name)s.") % {"name": contact})
    return redirect(contact)


def _record(request, company, kind, number):
    """The record of this company as the reader may open it, and the addresses of what can be done about it.

    A page that was open while two companies were merged goes on working.
    """
    about = record_for(request.user, kind, number)
    if about is None or about.company_id != forwarded(company).pk:
        raise Http404
    names = ("record_discussions", "discuss_record", "follow_record")
    keys = ("read", "discuss", "follow")
    arguments = [about.company_id, kind, number]
    return about, {key: reverse(f"crm:{name}", args=arguments) for key, name in zip(keys, names, strict=True)}


@require_GET
@requires("crm.view_discussions", on=Company, how="panel")
def record_discussions(request, company, kind, number):
    """A panel of the record's page, wherever that is."""
    about, addresses = _record(request, company, kind, number)
    return fragment(request, PAGE, PIECE, _context(request, company, addresses, about=about))


@require_POST
@requires("crm.start_discussion", on=Company)
def discuss_record(request, company, kind, number):
    about, addresses = _record(request, company, kind, number)
    return _say(request, company, addresses, about.url, about=about)


@require_POST
@requires("crm.follow_company", on=Company)
def follow_record(request, company, kind, number):
    about, _addresses = _record(request, company, kind, number)
    actions.follow_record(company=company, about=about, by=request.user)
    say(request, _("You follow %(name)s.") % {"name": about.label})
    return redirect(about.url)


@require_POST
@requires("crm.unfollow_record", on=RecordFollow)
def unfollow_record(request, recordfollow):
    """Back to the record, or to the start page when it has gone out of the reader's sight."""
    name, back = queries.followed_by(recordfollow, request.user)
    actions.unfollow_record(follow=recordfollow, by=request.user)
    say(request, _("You no longer follow %(name)s.") % {"name": name} if name else _("You are no longer told of it."))
    return redirect(back or "accounts:home")
