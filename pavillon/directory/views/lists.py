"""The lists of companies and of contacts, and the small dialogs around them."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.policy import may_write
from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.criteria import WrongRule, columns_for, fields_for, question_pair
from pavillon.directory.criteria.asking import asking_of, options_of, read_asked
from pavillon.directory.criteria.rules import ask_question
from pavillon.directory.forms.cells import cell_form
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.listing import LISTS, column_choices, companies_of, contacts_of, facets_of
from pavillon.ui.htmx import fragment
from pavillon.ui.panels import pieces_of

CHANGES = {Company: "directory.change_company", Contact: "directory.change_contact"}


def list_page(request, listing, template, rows):
    """The page of a list, or its rows alone; what was seen is noted in the read log.

    Without any filter, the view that its reader chose to stand for the list is opened instead.
    """
    if not request.GET and (views := [url for url in pieces_of("directory.list_opening", request) if url]):
        return redirect(views[0])
    listing.may_change = request.user.has_perm(CHANGES[listing.subject])
    response = fragment(request, template, rows, {"listing": listing})
    note_read(request.user, listing.subject, how="list", rows=len(listing.rows), ids=[row.pk for row in listing.rows])
    return response


@require_GET
@requires("directory.view_companies")
def companies(request):
    return list_page(request, companies_of(request), "directory/companies.html", "directory/_company_rows.html")


@require_GET
@requires("directory.view_contacts")
def contacts(request):
    return list_page(request, contacts_of(request), "directory/contacts.html", "directory/_contact_rows.html")


@require_GET
@requires("directory.view_companies")
def company_facets(request):
    return _facets(request, companies_of(request), "directory:companies")


@require_GET
@requires("directory.view_contacts")
def contact_facets(request):
    return _facets(request, contacts_of(request), "directory:contacts")


def _facets(request, listing, name):
    listing.home = reverse(name)
    return render(request, "directory/_facets.html", {"listing": listing, "facets": facets_of(listing)})


@require_GET
@requires("directory.view_companies")
def filter_list(request, subject):
    """Choose what to ask, then how; the answer is the list with one question more."""
    model, home = LISTS[subject]
    written, error = read_asked(request.GET, "ask."), ""
    if written["op"] and "go" in request.GET:
        try:
            question = ask_question(model, request.user, written["field"], written["op"], written.get("value"))
            return redirect(f"{reverse(home)}?{urlencode([*_kept(request), question_pair(question)])}")
        except WrongRule as wrong:
            error = str(wrong)
    asking = asking_of(model, request.user, written, prefix="ask.", error=error)
    context = {"asking": asking, "subject": subject, "home": home, "kept": _kept(request)}
    return fragment(request, "directory/filter_list.html", "directory/_filter_form.html", context)


def _kept(request):
    """The list's own parameters: neither the dialog's nor a place in the list."""
    left = ("after", "before", "from", "format", "go")
    return [
        (name, value)
        for name in request.GET
        if not name.startswith("ask.") and name not in left
        for value in request.GET.getlist(name)
    ]


@require_GET
@requires("directory.view_companies")
def choose_columns(request, subject):
    """Which columns the list shows, and in which order."""
    listing = (companies_of if subject == "companies" else contacts_of)(request)
    context = {"columns": column_choices(listing), "subject": subject, "home": LISTS[subject][1]}
    return fragment(request, "directory/choose_columns.html", "directory/_columns_form.html", context)


@require_GET
@requires("directory.view_companies")
def find_options(request, subject, field):
    """Lines of a long table (communes, activities) that contain what is being typed, as boxes to tick."""
    known = fields_for(LISTS[subject][0], request.user).get(field)
    prefix, text = request.GET.get("prefix", ""), request.GET.get("find", "").strip()
    chosen = request.GET.getlist(f"{prefix}value")
    options = options_of(known, chosen, text, user=request.user) if known and known.names else []
    return render(request, "ui/_criterion_options.html", {"options": options, "chosen": chosen, "prefix": prefix})


@requires("directory.change_company", on=Company)
def edit_company(request, company, column):
    """One cell of the list: its form, then the new value with the source “adviser”."""
    return _edit(request, company, column, lambda **values: actions.change_company(company=company, **values))


@requires("directory.change_contact", on=Contact)
def edit_contact(request, contact, column):
    return _edit(request, contact, column, lambda **values: actions.change_contact(contact=contact, **values))


def _edit(request, row, name, change):
    column = columns_for(type(row), request.user).get(name)
    if column is None or not column.edits or not may_write(request.user, row, column.edits):
        raise PermissionDenied(name)
    if request.GET.get("cancel"):
        return render(request, "directory/_cell.html", {"row": row, "column": column})
    form = cell_form(row, column.edits, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "row": row, "column": column, "field": form[column.edits]}
        status = 422 if form.is_bound else 200
        return fragment(request, "directory/edit_cell.html", "directory/_cell_form.html", context, status=status)
    change(by=request.user, **{column.edits: form.cleaned_data[column.edits]})
    if not request.META.get("HTTP_HX_REQUEST"):
        return redirect(row)
    row = type(row)._default_manager.visible_to(request.user).get(pk=row.pk)
    response: HttpResponse = render(
        request, "directory/_cell.html", {"row": row, "column": column, "saved": _("Saved.")}
    )
    return response
