"""Orders of services: the list with its totals, the page of one, and what a company or a request has."""

from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.policy import may_read
from pavillon.core.views import requires
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.services import actions
from pavillon.services.enums import STEPS_OF
from pavillon.services.forms.orders import (
    CancelOrderForm,
    ChangeOrderForm,
    DeliverOrderForm,
    NameDelivererForm,
    OrderFilter,
    OrderServiceForm,
)
from pavillon.services.models import ServiceOrder
from pavillon.services.queries.figures import Total, totals_and_count
from pavillon.services.queries.journey import orders_of, surveys_of
from pavillon.services.queries.precedence import Served, with_precedence
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

SORTS: dict[str, list[Any]] = {
    "newest": ["-proposed_at"],
    "due": [Served(), "due_on"],
    "company": ["company__name"],
    "service": ["service__name_fr"],
}
COLUMNS = [
    Column(gettext_lazy("Number"), lambda order: order.reference),
    Column(gettext_lazy("Company"), lambda order: str(order.company)),
    Column(gettext_lazy("Service"), lambda order: str(order.service)),
    Column(gettext_lazy("Provider"), lambda order: str(order.provider)),
    Column(gettext_lazy("Region"), lambda order: str(order.region or "")),
    Column(gettext_lazy("Step"), lambda order: order.get_state_display()),
    Column(gettext_lazy("Proposed on"), lambda order: order.proposed_at),
    Column(gettext_lazy("Delivery planned on"), lambda order: order.due_on),
    Column(gettext_lazy("Delivered on"), lambda order: order.delivered_on),
    Column(gettext_lazy("Served first by"), lambda order: order.first_by),
    Column(gettext_lazy("Quantity"), lambda order: order.quantity),
    Column(gettext_lazy("Price without tax"), lambda order: order.total, field="price"),
    Column(gettext_lazy("Discount (%)"), lambda order: order.discount_percent, field="price"),
    Column(pgettext_lazy("money", "Currency"), lambda order: order.currency),
    Column(gettext_lazy("VAT"), lambda order: order.get_vat_display()),
    Column(gettext_lazy("Adviser"), lambda order: str(order.ordered_by)),
    Column(gettext_lazy("Who delivers"), lambda order: str(order.deliverer or "")),
]
# Services of one company that a panel shows; the list has them all.
IN_PANEL = 8
REFUSALS = (actions.OrderMoved, actions.WrongDay, actions.NobodyToAsk)


@require_GET
@requires("services.view_orders")
def orders(request):
    """Those that one may see; the totals follow the filters."""
    seen = ServiceOrder.objects.visible_to(request.user)
    totals: list[Total] = []
    count = None
    if may_read(request.user, ServiceOrder, "price"):
        totals, count = totals_and_count(OrderFilter(request.GET or None, queryset=seen, request=request).qs)
    return list_page(
        request,
        with_precedence(seen.with_names(), request.user),
        template="services/orders.html",
        rows="services/_order_rows.html",
        sorts=SORTS,
        sort="newest",
        filters=OrderFilter,
        columns=COLUMNS,
        export_permission="services.export_orders",
        context={"totals": totals},
        known_count=count,
    )


@require_GET
@requires("services.view_order", on=ServiceOrder)
def view_order(request, serviceorder):
    return form_page(request, "services/view_order.html", _context(request, serviceorder))


def _context(request, order, **forms):
    """The page of an order with what its reader may do; `forms` replaces one that came back with errors."""
    deliverer = order.deliverer.email if order.deliverer else ""
    context = {
        "order": order,
        "surveys": surveys_of(order),
        "may": {
            deed: order.state in steps and request.user.has_perm(f"services.{deed}", order)
            for deed, steps in STEPS_OF.items()
        },
        "is_lead_seen": Lead.objects.visible_to(request.user).filter(pk=order.lead_id).exists(),
        "change_form": ChangeOrderForm(initial={"deliverer": deliverer, "due_on": order.due_on}),
        "deliverer_form": NameDelivererForm(order=order, initial={"deliverer": deliverer}),
        "deliver_form": DeliverOrderForm(),
        "cancel_form": CancelOrderForm(),
    }
    return context | forms


@require_POST
@requires("services.change_order", on=ServiceOrder)
def change_order(request, serviceorder):
    return _do(request, serviceorder, actions.change_order, "change_form", ChangeOrderForm(request.POST))


@require_POST
@requires("services.name_deliverer", on=ServiceOrder)
def name_deliverer(request, serviceorder):
    form = NameDelivererForm(request.POST, order=serviceorder)
    return _do(request, serviceorder, actions.name_deliverer, "deliverer_form", form)


@require_POST
@requires("services.confirm_order", on=ServiceOrder)
def confirm_order(request, serviceorder):
    return _do(request, serviceorder, actions.confirm_order)


@require_POST
@requires("services.start_delivery", on=ServiceOrder)
def start_delivery(request, serviceorder):
    return _do(request, serviceorder, actions.start_delivery)


@require_POST
@requires("services.deliver_order", on=ServiceOrder)
def deliver_order(request, serviceorder):
    return _do(request, serviceorder, actions.deliver_order, "deliver_form", DeliverOrderForm(request.POST))


@require_POST
@requires("services.cancel_order", on=ServiceOrder)
def cancel_order(request, serviceorder):
    return _do(request, serviceorder, actions.cancel_order, "cancel_form", CancelOrderForm(request.POST))


def _do(request, order, deed, name="", form=None):
    """One deed on an order; what is wrong, or what a colleague made impossible meanwhile, is told on its page."""
    context = {"form": form, name: form} if form else {}
    if form is None or form.is_valid():
        try:
            deed(order=order, by=request.user, **(form.cleaned_data if form else {}))
        except REFUSALS as error:
            if form and not isinstance(error, actions.OrderMoved):
                form.add_error(None, str(error))
            else:
                # The form is no longer on the page.
                context["refusal"] = str(error)
        else:
            say(request, _("It is noted."))
            return redirect(order)
    order.refresh_from_db()
    answer = form_page(request, "services/view_order.html", _context(request, order, **context))
    answer.status_code = 422
    return answer


@require_GET
@requires("services.view_company_services", on=Company, how="panel")
def company_services(request, company):
    """The services of a company that the reader may see: a panel."""
    rows = orders_of(company, request.user, IN_PANEL + 1)
    may = request.user.has_perm("services.order_service", company)
    context = {"company": company, "lead": None, "may_order": may, "label": str(company)}
    return _services(request, rows, context)


@require_GET
@requires("services.view_lead_services", on=Lead, how="panel")
def lead_services(request, lead):
    """What was ordered upon a request: a panel of its page."""
    rows = list(ServiceOrder.objects.visible_to(request.user).filter(lead=lead).with_names()[: IN_PANEL + 1])
    may = lead.company is not None and request.user.has_perm("services.order_service", lead.company)
    context = {"company": lead.company, "lead": lead, "may_order": may, "label": lead.company_label}
    return _services(request, rows, context)


def _services(request, found, context):
    """The newest ones in the panel, with a link to the page of all."""
    company = context["company"]
    all_url = f"{reverse('services:orders')}?company={company.pk}" if company and len(found) > IN_PANEL else ""
    context |= {"orders": found[:IN_PANEL], "all_url": all_url}
    return fragment(request, "services/company_services.html", "services/_company_services.html", context)


@requires("services.order_service", on=Company)
def order_service(request, company):
    """For a company, from its page or from one of its requests (`?lead=`)."""
    asked = request.GET.get("lead", "")
    leads = Lead.objects.visible_to(request.user).filter(company=company)
    lead = leads.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 12 else None
    form = OrderServiceForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            order = _order(request, company, lead, form.cleaned_data)
            say(request, _("%(order)s: noted at the price of today.") % {"order": order})
            return redirect(order)
        except actions.ServiceRetired as error:
            form.add_error("service", ValidationError(str(error)))
    return form_page(request, "services/order_service.html", {"form": form, "company": company, "lead": lead})


def _order(request, company, lead, said):
    return actions.order_service(
        company=company,
        service=said["service"],
        by=request.user,
        is_agreed=said["agreed"],
        quantity=said["quantity"],
        lead=lead,
        deliverer=said["deliverer"],
        due_on=said["due_on"],
        token=said["token"],
    )
