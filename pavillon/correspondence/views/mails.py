"""Mail to sort, the page of one mail, its files."""

from django.http import FileResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.correspondence import actions
from pavillon.correspondence.forms import FileMailForm
from pavillon.correspondence.models import CopiedMail, MailFile
from pavillon.correspondence.queries.finding import matches_of
from pavillon.correspondence.queries.mails import first_to_sort, lines_of, to_sort
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

# On the desk, and on a page of the list.
FIRST, ON_PAGE = 3, 20


@require_GET
@requires("correspondence.view_mails")
def mails(request):
    """What waits for me, each with the companies that it may be about."""
    return list_page(
        request,
        to_sort(request.user),
        template="correspondence/mails.html",
        rows="correspondence/_mail_rows.html",
        sorts={"newest": ["-received_at", "-pk"], "oldest": ["received_at", "pk"]},
        sort="newest",
        per_page=ON_PAGE,
    )


@require_GET
@requires("correspondence.view_mails", how="panel")
def desk_mails(request):
    """The first ones and how many, for the desk."""
    rows, count = first_to_sort(request.user, FIRST)
    context = {"lines": lines_of(rows, request.user), "count": count}
    return fragment(request, "correspondence/desk_mails.html", "correspondence/_desk_mails.html", context)


@require_GET
@requires("correspondence.view_mail", on=CopiedMail)
def view_mail(request, copiedmail):
    return form_page(request, "correspondence/view_mail.html", _context(request, copiedmail))


def _context(request, mail, form=None):
    act = next(
        (act for act in ("file_mail", "refile_mail") if request.user.has_perm(f"correspondence.{act}", mail)), ""
    )
    return {
        "mail": mail,
        "addresses": list(mail.addresses.all()),
        "files": list(mail.files.all()),
        "matches": _matches(request, mail) if act else [],
        # Where to send the company that it was with; "" for who has not to say it.
        "filing": reverse(f"correspondence:{act}", args=[mail.pk]) if act else "",
        "may_accept": request.user.has_perm("correspondence.accept_calendar", mail),
        "may_discard": request.user.has_perm("correspondence.discard_mail", mail),
        "form": form or FileMailForm(user=request.user),
    }


def _matches(request, mail):
    """The companies that it may be about, without the one where it stands."""
    return [match for match in matches_of([mail], request.user)[mail.pk] if match.company.pk != mail.company_id]


@require_POST
@requires("correspondence.file_mail", on=CopiedMail)
def file_mail(request, copiedmail):
    """One press on a company that is proposed, or its name typed."""
    return _file(request, copiedmail, actions.file_mail, back="correspondence:mails")


@require_POST
@requires("correspondence.refile_mail", on=CopiedMail)
def refile_mail(request, copiedmail):
    """It was filed with the wrong company."""
    return _file(request, copiedmail, actions.refile_mail, back=copiedmail)


def _file(request, copiedmail, act, back):
    form = FileMailForm(request.POST, user=request.user)
    if not form.is_valid():
        return form_page(request, "correspondence/view_mail.html", _context(request, copiedmail, form))
    company = form.cleaned_data["company"]
    try:
        act(mail=copiedmail, company=company, by=request.user, **_found(request, copiedmail, company))
        say(request, _("Filed with %(company)s.") % {"company": company})
    except actions.AlreadySorted as error:
        say(request, str(error))
    return redirect(back)


def _found(request, mail, company):
    """The person and the request that were found with the company that was chosen."""
    match = next((each for each in matches_of([mail], request.user)[mail.pk] if each.company == company), None)
    lead = match.lead if match and match.lead and request.user.has_perm("crm.log_on_lead", match.lead) else None
    return {"contact": match.contact if match else None, "lead": lead}


@require_POST
@requires("correspondence.accept_calendar", on=CopiedMail)
def accept_calendar(request, copiedmail):
    """A new version that nobody proved: its owner takes it over."""
    try:
        say(request, actions.accept_calendar(mail=copiedmail, by=request.user))
    except actions.AlreadySorted as error:
        say(request, str(error))
    return redirect(copiedmail)


@require_POST
@requires("correspondence.discard_mail", on=CopiedMail)
def discard_mail(request, copiedmail):
    try:
        actions.discard_mail(mail=copiedmail, by=request.user)
        say(request, _("Thrown away: its words, its addresses and its files are gone."))
    except actions.AlreadySorted as error:
        say(request, str(error))
    return redirect("correspondence:mails")


@require_GET
@requires("correspondence.read_file", on=MailFile)
def read_file(request, mailfile):
    """A file as it was sent: saved on the reader's disk, never drawn by the browser."""
    response = FileResponse(mailfile.file.open("rb"), as_attachment=True, filename=mailfile.name)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
