"""Upon an order: what programmes give, and giving it."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.policy import may_read
from pavillon.core.views import requires
from pavillon.loyalty import actions
from pavillon.loyalty.models import Programme
from pavillon.loyalty.queries.enrolments import programmes_for
from pavillon.services.actions import OrderMoved, PriceAgreed
from pavillon.services.enums import OrderState
from pavillon.services.models import ServiceOrder
from pavillon.ui.htmx import fragment
from pavillon.ui.messages import say


@require_GET
@requires("loyalty.view_order_programmes", on=ServiceOrder, how="panel")
def order_programmes(request, serviceorder):
    return _panel(request, serviceorder)


def _panel(request, order, refusal=""):
    """What the company may claim; nothing changes the price before somebody presses."""
    context = {
        "order": order,
        "enrolments": programmes_for(order) if order.is_open else [],
        # What the company ordered with stays at least: a smaller discount is not offered any more.
        "given": 0 if order.state == OrderState.PROPOSED else order.discount_percent,
        "may_take_back": request.user.has_perm("loyalty.take_benefit_back", order),
        "may_apply": request.user.has_perm("loyalty.apply_benefit", order),
        "reads_price": may_read(request.user, ServiceOrder, "price"),
        "refusal": refusal,
    }
    return fragment(request, "loyalty/order_programmes.html", "loyalty/_order_programmes.html", context)


@require_POST
@requires("loyalty.apply_benefit", on=ServiceOrder)
def apply_benefit(request, serviceorder):
    asked = request.POST.get("programme", "")
    seen = Programme.objects.visible_to(request.user)
    programme = seen.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 12 else None
    if programme is None:
        return _refused(request, serviceorder, _("Choose one of the programmes of the company."))
    try:
        order = actions.apply_benefit(order=serviceorder, programme=programme, by=request.user)
    except (actions.NotForOrder, OrderMoved, PriceAgreed) as error:
        return _refused(request, serviceorder, str(error))
    say(request, _("The discount is given; its reason stands beside the price."))
    return redirect(order)


def _refused(request, order, why):
    answer = _panel(request, order, refusal=why)
    answer.status_code = 422
    return answer


@require_POST
@requires("loyalty.take_benefit_back", on=ServiceOrder)
def take_benefit_back(request, serviceorder):
    try:
        order = actions.take_benefit_back(order=serviceorder, by=request.user)
    except (OrderMoved, PriceAgreed) as error:
        return _refused(request, serviceorder, str(error))
    say(request, _("The order has its full price again."))
    return redirect(order)
