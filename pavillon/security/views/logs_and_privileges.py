from django.apps import apps
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.security import actions, forms, queries, reports
from pavillon.ui.exports import csv_file
from pavillon.ui.htmx import fragment, is_htmx, toast
from pavillon.ui.messages import say

PER_PAGE = 50
MOST_EXPORTED = 10_000
ON_A_PANEL = 8


@requires("security.read_policy")
def read_policy(request, form=None, status=200):
    """The matrix: objects down, roles across; one object opened on its fields."""
    asked = forms.ScopeForm(request.GET or None)
    scope, opened = asked.chosen_scope(), asked["object"].value() or ""
    roles = [role for role in Role if asked["role"].value() in (None, "", role.value)]
    rows = queries.matrix(scope=scope, opened=opened, roles=roles)
    form = form or forms.ChangePolicyForm()
    context = {"asked": asked, "scope": scope, "opened": opened, "roles": roles, "rows": rows, "form": form}
    context["may_change"] = request.user.has_perm("security.change_policy")
    return render(request, "security/read_policy.html", context, status=status)


@require_POST
@requires("security.change_policy")
def change_policy(request):
    """One cell from htmx, or every cell of the page without it."""
    scope, form = forms.ScopeForm(request.GET or None).chosen_scope(), forms.ChangePolicyForm(request.POST)
    if not form.is_valid():
        return _refused(request, form, _first_error(form), 422)
    try:
        n = actions.change_policies(
            wishes=form.changes(only=request.GET.get("only", "")), by=request.user, reason=form.cleaned_data["reason"],
            organisation=scope.organisation, region=scope.region, for_owner=scope.for_owner,
        )  # fmt: skip
    except actions.Changed:
        form.add_error("cell", _("Somebody changed this privilege a moment ago. Look at it again, then decide."))
        return _refused(request, form, _first_error(form), 409)
    return _changed(request, n)


def _first_error(form):
    return next(str(error) for errors in form.errors.values() for error in errors)


def _refused(request, form, reason, status):
    """htmx gets the square as it is now, with the reason in a toast; a browser gets the page again."""
    if not is_htmx(request):
        return read_policy(request, form=form, status=status)
    return toast(_cell(request, status=status), reason, level="bad")


def _changed(request, n):
    words = ngettext("%(n)s privilege changed, in force at once.", "%(n)s privileges changed, in force at once.", n)
    if is_htmx(request):
        return toast(_cell(request), words % {"n": n})
    say(request, words % {"n": n})
    return redirect(f"{reverse('security:read_policy')}?{request.GET.urlencode()}")


def _cell(request, status=200):
    """The square that was touched, as it is in the database now."""
    scope, only = forms.ScopeForm(request.GET or None).chosen_scope(), request.GET.get("only", "")
    rows = queries.matrix(scope=scope, opened=[*only.split("|"), ""][1])
    cell = next((cell for row in rows for cell in row.cells if cell.key == only), None)
    if cell is None:
        raise Http404(_("This cell does not exist."))
    context = {"cell": cell, "scope": scope, "may_change": True}
    return render(request, "security/_policy_cell.html", context, status=status)


@requires("security.preview_policy")
def preview_policy(request):
    """What would this person see?"""
    form = forms.PreviewPolicyForm(request.GET or None)
    text, chosen = form["q"].value() or "", request.GET.get("person", "")
    people = User.objects.visible_to(request.user)
    person = people.filter(pk=chosen).first() if chosen.isdecimal() else None
    context = {"form": form, "text": text, "person": person, "cap": queries.SIGHT_CAP}
    context["people"] = people.matching(text)[:20] if text and not person else []
    context["sights"] = queries.sight_of(person) if person else []
    return render(request, "security/preview_policy.html", context)


@requires("security.export_policy")
def export_policy(request):
    return csv_file("privileges", reports.policy_table())


@requires("security.find_record")
def find_record(request):
    form = forms.FindRecordForm(request.GET or None)
    text = form["q"].value() or ""
    found = queries.find_records(text, form["kind"].value() or "", by=request.user)
    for model in {record.model for record in found}:
        ids = [int(record.pk) for record in found if record.model == model and record.pk.isdecimal()]
        note_read(request.user, apps.get_model(model), how="search", rows=len(ids), ids=ids)
    people = User.objects.visible_to(request.user).matching(text)[:10] if text else []
    context = {"form": form, "found": found, "people": people, "text": text}
    return render(request, "security/find_record.html", context)


@requires("security.audit_record")
def audit_record(request, model, record):
    """Who saw and who changed this record."""
    kind, row = _known(request, model, record)
    form = forms.AuditForm(request.GET or None, model=model)
    lines = queries.audited_lines(model=model, pk=record, most=PER_PAGE + 1, **form.criteria())
    note_read(request.user, row or kind(pk=record), how="audit")
    context = {"model": model, "record": record, "row": row, "kind": kind._meta.verbose_name, "form": form}
    return _log_page(request, "security/audit_record.html", lines, context)


@requires("security.audit_person", on=User, how="audit")
def audit_person(request, user):
    """What this person saw and changed."""
    form = forms.AuditForm(request.GET or None).for_one_person()
    lines = queries.audited_lines(most=PER_PAGE + 1, **{**form.criteria(), "people": [user.pk]})
    return _log_page(request, "security/audit_person.html", lines, {"person": user, "form": form})


def _log_page(request, template, lines, context):
    shown = queries.shown_lines(lines[:PER_PAGE], by=request.user)
    query = request.GET.copy()
    if len(lines) > PER_PAGE:
        query["before"] = lines[PER_PAGE - 1].happened_at.isoformat()
        context["older"] = f"{request.path}?{query.urlencode()}"
    context |= {"lines": shown, "query": request.GET.urlencode()}
    return fragment(request, template, "security/_lines.html", context)


@requires("security.export_audit")
def export_audit(request, model, record):
    kind, row = _known(request, model, record)
    form = forms.AuditForm(request.GET or None, model=model)
    lines = queries.audited_lines(model=model, pk=record, most=MOST_EXPORTED, **form.criteria())
    note_read(request.user, row or kind(pk=record), how="export", rows=len(lines))
    return csv_file(f"log-{model}-{record}", reports.log_table(queries.shown_lines(lines, by=request.user)))


@requires("security.audit_record")
def company_panel(request, record):
    """The last readings of a company, on its own page."""
    model = "directory.company"
    kind, row = _known(request, model, str(record))
    lines = queries.audited_lines(model=model, pk=str(record), kind="read", most=ON_A_PANEL)
    note_read(request.user, row or kind(pk=record), how="audit")
    context = {"lines": queries.shown_lines(lines, by=request.user), "model": model, "record": record}
    return render(request, "security/_company_panel.html", context)


def _known(request, model, record):
    known = queries.known_record(model, record, by=request.user)
    if known is None:
        raise Http404(_("No record of this kind."))
    return known
