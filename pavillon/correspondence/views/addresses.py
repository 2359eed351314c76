"""One's secret address, how to use it, and those of a company or a request."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.correspondence import actions
from pavillon.correspondence.queries.addresses import copy_address_of
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.ui.htmx import fragment
from pavillon.ui.messages import say

PAGE, PIECE = "correspondence/record_address.html", "correspondence/_record_address.html"


@require_GET
@requires("correspondence.view_copy_address")
def copy_address(request):
    """The address, a button to copy it, and how to use it."""
    context = {
        "copy": copy_address_of(request.user),
        "is_received": bool(settings.MAIL_COPY_DOMAIN),
        "port": settings.MAIL_COPY_PORT if settings.MAIL_COPY_TRUSTS_LOOPBACK else None,
    }
    return render(request, "correspondence/view_copy_address.html", context)


@require_POST
@requires("correspondence.renew_copy_address")
def renew_copy_address(request):
    had_one = copy_address_of(request.user) is not None
    actions.renew_copy_address(by=request.user)
    say(request, _("The former address takes nothing any more.") if had_one else _("Your address is made."))
    return redirect("correspondence:view_copy_address")


@require_GET
@requires("correspondence.view_company_address", on=Company, how="panel")
def company_address(request, company):
    return _record_address(request, company, f"e-{company.pk:06d}")


@require_GET
@requires("correspondence.view_lead_address", on=Lead, how="panel")
def lead_address(request, lead):
    return _record_address(request, lead, f"d-{lead.pk:06d}")


def _record_address(request, record, name):
    """The person's own address of a record: what is copied there is filed there."""
    copy = copy_address_of(request.user) if settings.MAIL_COPY_DOMAIN else None
    context = {"record": record, "address": copy.of_record(name) if copy else ""}
    return fragment(request, PAGE, PIECE, context)
