"""Requests as a board: another drawing of the same filtered list, and where a card asks what its move needs."""

from collections.abc import Callable
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.crm.forms.leads import CloseLeadForm, ColleagueForm, LeadFilter, RefuseLeadForm, TreatLeadForm
from pavillon.crm.models import Lead
from pavillon.crm.queries.board import board_of, targets_of
from pavillon.ui.htmx import fragment, is_htmx
from pavillon.ui.lists import listing_of


def board_page(request, rows, sorts, **how):
    """The board of the list at this address, or one column's next cards for htmx."""
    listing = listing_of(request, rows, LeadFilter, sorts, "newest", **how)
    column, first = request.GET.get("column", ""), request.GET.get("first", "")
    is_piece = bool(column) and is_htmx(request)
    board = board_of(
        listing,
        request.user,
        request.GET.get("state", ""),
        column=column if is_piece else "",
        first=int(first) if is_piece and first.isdecimal() and len(first) < 7 else 0,
    )
    context = {"listing": listing, "board": board, "is_board": True}
    note_read(request.user, Lead, how="list", rows=len(board.shown), ids=board.shown)
    if is_piece:
        return render(request, "crm/_board_cards.html", {**context, "column": next(iter(board.columns), None)})
    return fragment(request, "crm/leads.html", "crm/_lead_board.html", context)


def way_back(request):
    """The board from which a card was moved; None when the move came from elsewhere."""
    back = request.POST.get("back") or request.GET.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours and back.startswith("/") else None


@require_GET
@requires("crm.move_lead", on=Lead)
def move_lead(request, lead):
    """What the move of a card needs: the form of the same deed as on the page of the request."""
    asked = request.GET.get("to", "")
    target = next((one for one in targets_of(request.user, lead) if one.state == asked), None)
    forms: dict[str, Callable[[], Any]] = {
        "assign_lead": lambda: ColleagueForm(user=request.user, region_id=lead.region_id, auto_id="assign_%s"),
        "treat_lead": TreatLeadForm,
        "close_lead": lambda: CloseLeadForm(user=request.user, lead=lead),
        "refuse_lead": RefuseLeadForm,
    }
    form = forms[target.deed]() if target and target.deed in forms else None
    action = reverse(f"crm:{target.deed}", args=[lead.pk]) if target else ""
    context = {"lead": lead, "target": target, "form": form, "action": action, "back": way_back(request)}
    return fragment(request, "crm/move_lead.html", "crm/_move_lead.html", context)
