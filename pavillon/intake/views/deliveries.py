"""Files of partners: brought, named, rehearsed, decided, taken over, undone."""

from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.permissions import is_allowed
from pavillon.core.views import requires
from pavillon.intake import actions
from pavillon.intake.enums import Choice, DeliveryState, Outcome
from pavillon.intake.forms.deliveries import DeliveryForm, MappingForm, ReadingForm
from pavillon.intake.models import Delivery, DeliveryRow
from pavillon.intake.queries.showing import Sight, counts_of, is_remembered, refused_columns, rows_for
from pavillon.intake.reading import BadFile
from pavillon.ui import exports
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.keyset import KeysetListing, Order
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

# What one may do from the report.
ON_REPORT = ("map_delivery", "take_delivery", "undo_delivery", "resume_delivery")
BY_LINE = {"line": Order("line", _("Line"), ("line",))}


@require_GET
@requires("intake.view_deliveries")
def deliveries(request):
    return list_page(
        request,
        Delivery.objects.visible_to(request.user)
        .defer("sample")
        .select_related("source", "organisation", "brought_by"),
        template="intake/deliveries.html",
        rows="intake/_delivery_rows.html",
        sorts={"newest": ["-pk"], "name": ["name"], "source": ["source__name"], "state": ["state"]},
        sort="newest",
    )


@requires("intake.bring_delivery")
def bring_delivery(request):
    form = DeliveryForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        try:
            return redirect("intake:map_delivery", _bring(form, request.user).pk)
        except (BadFile, actions.AlreadyTaken) as error:
            form.add_error("file", str(error))
    return form_page(request, "intake/bring_delivery.html", {"form": form})


def _bring(form, user):
    """The file as a delivery, its source created when it is new."""
    said = form.cleaned_data
    return actions.bring_delivery(
        source=said["source"],
        new_source=form.new_source,
        name=said["file"].name,
        content=said["file"].read(),
        observed_on=said["observed_on"],
        legal_basis=said["legal_basis"],
        kind=said["kind"],
        by=user,
        **form.reading,
    )


@requires("intake.view_delivery", on=Delivery)
def delivery(request, delivery):
    """The report of a file: what is foreseen, what was done, row by row."""
    listing = KeysetListing(request, _rows(request, delivery), BY_LINE, "line")
    context = {
        "delivery": delivery,
        "listing": listing,
        "lines": rows_for(listing.rows, Sight(request.user, delivery)),
        "counts": counts_of(delivery),
        "to_decide": delivery.rows.to_decide().count() if delivery.state == DeliveryState.REHEARSED else 0,
        "may": {name: is_allowed(request.user, f"intake.{name}", delivery) for name in ON_REPORT},
    }
    if "live" in request.GET:
        return render(request, "intake/_report.html", context)
    return fragment(request, "intake/delivery.html", "intake/_row_list.html", context)


def _rows(request, delivery):
    """The rows asked for: of one outcome, foreseen or done, or those that differ."""
    rows = DeliveryRow.objects.visible_to(request.user).filter(delivery=delivery).select_related("company", "contact")
    outcome, done = request.GET.get("outcome", ""), request.GET.get("done", "")
    rows = rows.filter(outcome=outcome) if outcome in Outcome.values and outcome else rows
    rows = rows.filter(taken_outcome=done) if done in Outcome.values and done else rows
    return rows.differing() if "differing" in request.GET else rows


@requires("intake.map_delivery", on=Delivery)
def map_delivery(request, delivery):
    form = MappingForm(request.POST or None, delivery=delivery)
    if form.is_valid():
        try:
            actions.choose_mapping(delivery=delivery, mapping=form.mapping, by=request.user)
            return redirect(delivery)
        except (actions.Busy, ValueError) as error:
            form.add_error(None, str(error))
    shown = [Sight(request.user, delivery).cells(row) for row in delivery.first_rows]
    context = {"form": form, "delivery": delivery, "columns": form.columns(shown), "preview": shown}
    context |= {"is_remembered": is_remembered(delivery), "reading": _reading_form(delivery)}
    context["other_sheets"] = [name for name in delivery.sheets if name != delivery.reading.get("sheet")]
    return form_page(request, "intake/map_delivery.html", context)


def _reading_form(delivery, data=None):
    return ReadingForm(data, initial=delivery.reading, sheets=delivery.sheets)


@require_POST
@requires("intake.reread_delivery", on=Delivery)
def reread_delivery(request, delivery):
    form = _reading_form(delivery, request.POST)
    if form.is_valid():
        try:
            actions.reread_delivery(delivery=delivery, by=request.user, **form.reading)
            return redirect("intake:map_delivery", delivery.pk)
        except (BadFile, actions.Busy) as error:
            form.add_error(None, str(error))
    return form_page(request, "intake/reread_delivery.html", {"form": form, "delivery": delivery})


@requires("intake.decide_row", on=Delivery)
def decide_row(request, delivery):
    """One doubtful row after the other, each key a decision."""
    doubtful = DeliveryRow.objects.visible_to(request.user).filter(delivery=delivery, outcome=Outcome.DOUBTFUL)
    if request.method == "POST":
        row = doubtful.filter(line=request.POST.get("line", "0")).first()
        choice = request.POST.get("choice", "")
        if row is not None and choice in Choice.values:
            actions.decide_row(row=row, choice=Choice(choice), by=request.user)
        return redirect("intake:decide_row", delivery.pk)
    row = doubtful.to_decide().select_related("company", "company__commune").order_by("line").first()
    left, total = doubtful.to_decide().count(), doubtful.count()
    context = {"delivery": delivery, "left": left, "total": total, "done": total - left}
    if row is not None:
        context["line"] = rows_for([row], Sight(request.user, delivery))[0]
    return fragment(request, "intake/decide_row.html", "intake/_decide.html", context)


@require_GET
@requires("intake.export_refused", on=Delivery)
def export_refused(request, delivery):
    """The refused rows as the partner sent them, with the reasons: to be corrected and sent again."""
    rows = DeliveryRow.objects.visible_to(request.user).filter(delivery=delivery, outcome=Outcome.REJECTED)
    request.GET = request.GET.copy()
    request.GET.setdefault("format", "csv")
    columns = refused_columns(Sight(request.user, delivery))
    return exports.answer(
        request, rows.order_by("line"), columns, f"{slugify(delivery.name)}-{slugify(_('refused rows'))}"
    )


@requires("intake.take_delivery", on=Delivery)
def take_delivery(request, delivery):
    context = {"delivery": delivery, "counts": counts_of(delivery), "to_decide": delivery.rows.to_decide().count()}
    if request.method == "POST":
        try:
            actions.take_delivery(delivery=delivery, by=request.user)
            return redirect(delivery)
        except (actions.Busy, actions.AlreadyTaken) as error:
            context["refusal"] = str(error)
    return render(request, "intake/take_delivery.html", context, status=409 if "refusal" in context else 200)


@requires("intake.undo_delivery", on=Delivery)
def undo_delivery(request, delivery):
    if request.method == "POST":
        actions.undo_delivery(delivery=delivery, by=request.user)
        return redirect(delivery)
    return render(request, "intake/undo_delivery.html", {"delivery": delivery, "counts": counts_of(delivery)})


@require_POST
@requires("intake.resume_delivery", on=Delivery)
def resume_delivery(request, delivery):
    actions.resume_delivery(delivery=delivery, by=request.user)
    say(request, _("The work goes on where it stopped."))
    return redirect(delivery)
