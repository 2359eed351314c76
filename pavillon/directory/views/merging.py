"""Two records of one company or person: choose, look at both, merge; and undo."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.companies import ChooseOtherForm
from pavillon.directory.forms.merging import ChooseContactForm, MergeForm
from pavillon.directory.models import Company, Contact, MergeEvent
from pavillon.directory.queries import (
    candidates,
    compare_records,
    contact_candidates,
    merged_record,
    what_moved,
    what_moves,
    why_not_merged,
    why_not_undone,
)
from pavillon.directory.views.frame import company_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

PROPOSED = 10
REFUSALS = (actions.AlreadyMerged, actions.TwoSirens, actions.TwoAccounts)


@require_GET
@requires("directory.merge_companies", on=Company)
def choose_duplicate(request, company):
    """Which other record is the same company: the likely ones, or a search."""
    others = Company.objects.visible_to(request.user).standing().exclude(pk=company.pk)
    form = ChooseOtherForm(request.GET or None)
    text = request.GET.get("q", "").strip()
    found = list(others.matching(text).with_facts().order_by("name")[:PROPOSED]) if text else []
    if text.isdecimal() and len(text) < 9:
        found = [*others.filter(pk=int(text)).with_facts(), *found]
    likely = [] if text else candidates(besides=company, user=request.user, limit=PROPOSED)
    likely = [candidate for candidate in likely if not candidate.is_masked]
    context = {"company": company, "form": form, "found": found, "likely": likely, "text": text}
    return render(request, "directory/choose_duplicate.html", context)


@require_GET
@requires("directory.merge_contacts", on=Contact)
def choose_same_contact(request, contact):
    """Which other record is the same person."""
    others = Contact.objects.visible_to(request.user).standing().exclude(pk=contact.pk)
    text = request.GET.get("q", "").strip()
    found = list(others.matching(text).select_related("company").order_by("last_name")[:PROPOSED]) if text else []
    likely = [] if text else contact_candidates(besides=contact, limit=PROPOSED)
    context = {"contact": contact, "form": ChooseContactForm(request.GET or None), "found": found, "likely": likely}
    return render(request, "directory/choose_same_contact.html", context | {"text": text})


@requires("directory.merge_companies", on=Company)
def merge_companies(request, company, other):
    """Both records side by side, which value is kept, what moves, and the button."""
    standing = Company.objects.visible_to(request.user).standing().with_facts()
    removed = get_object_or_404(standing.exclude(pk=company.pk), pk=other)
    return _merge(request, company, removed, actions.merge_companies, "directory/merge_companies.html")


@requires("directory.merge_contacts", on=Contact)
def merge_contacts(request, contact, other):
    """The same for two records of one person."""
    standing = Contact.objects.visible_to(request.user).standing().select_related("company")
    removed = get_object_or_404(standing.exclude(pk=contact.pk), pk=other)
    return _merge(request, contact, removed, actions.merge_contacts, "directory/merge_contacts.html")


def _merge(request, kept, removed, merge, template):
    lines = compare_records(kept, removed, request.user)
    posted = request.POST if request.method == "POST" else None
    form = MergeForm(posted, lines=lines, user=request.user, model=type(kept))
    refusal = why_not_merged(kept, removed)
    if form.is_valid():
        try:
            merge(
                kept=kept,
                removed=removed,
                by=request.user,
                choices=form.choices(),
                reason=form.cleaned_data["reason"],
            )
        except REFUSALS as error:
            refusal = str(error)
        else:
            say(request, _("%(name)s was merged into this record.") % {"name": removed})
            return redirect(kept)
    context = {"kept": kept, "removed": removed, "form": form, "moves": what_moves(removed), "refusal": refusal}
    return render(request, template, context, status=409 if refusal and form.is_bound else 200)


@require_GET
@requires("directory.view_merges")
def merges(request):
    """Every merge, the latest first, with its undoing."""
    return list_page(
        request,
        MergeEvent.objects.visible_to(request.user).select_related("merged_by", "undone_by"),
        template="directory/merges.html",
        rows="directory/_merge_rows.html",
        sorts={"newest": ["-merged_at", "-pk"]},
        sort="newest",
    )


@require_GET
@requires("directory.view_company", on=Company, brings="with_facts")
def company_merges(request, company):
    """What was merged into this company, and what may be undone."""
    merged = MergeEvent.objects.visible_to(request.user).of(company).select_related("merged_by", "undone_by")
    return company_page(request, "directory/company_merges.html", company, "changes", merges=list(merged))


@requires("directory.undo_merge", on=MergeEvent)
def undo_merge(request, mergeevent):
    """What goes back and what stays, and the button."""
    refusal = why_not_undone(mergeevent)
    if request.method == "POST":
        try:
            actions.undo_merge(event=mergeevent, by=request.user)
        except actions.CannotUndo as error:
            refusal = str(error)
        else:
            say(request, _("%(name)s stands again by itself.") % {"name": mergeevent.removed_name})
            return redirect(merged_record(mergeevent, "removed"))
    context = {"event": mergeevent, "refusal": refusal, "moved": what_moved(mergeevent)}
    context |= {side: merged_record(mergeevent, side) for side in ("kept", "removed")}
    status = 409 if refusal and request.method == "POST" else 200
    return render(request, "directory/undo_merge.html", context, status=status)
