"""The card of a company: its fields with their origins, sites, markets, group and channels."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.curating import ReasonForm
from pavillon.directory.models import Company, CompanyValue
from pavillon.directory.precedence import COMPANY_GROUPS
from pavillon.directory.queries.card import words_of
from pavillon.directory.queries.groups import relatives
from pavillon.directory.queries.reach import ways_to
from pavillon.directory.views.frame import company_page
from pavillon.ui.messages import say


def _address_if(user, permission, company):
    """Where one acts on a company, "" for who may not."""
    name = permission.replace(".", ":")
    return reverse(name, args=[company.pk]) if user.has_perm(permission, company) else ""


@require_GET
@requires("directory.view_company", on=Company, brings="with_facts")
def company_card(request, company):
    """Everything that the base knows of a company, each value with its origin."""
    return company_page(
        request,
        "directory/company_card.html",
        company,
        "card",
        markets=list(company.markets.select_related("country", "sector")),
        sites=list(company.establishments.select_related("commune", "country", "workforce_band")[:10]),
        site_count=company.establishments.count(),
        relatives=relatives(company, request.user),
        ways=ways_to(company, request.user),
        further=list(company.other_sectors.all()),
        add_channel_url=_address_if(request.user, "directory.add_channel", company),
    )


@require_GET
@requires("directory.view_company", on=Company, brings="with_facts")
def company_origins(request, company):
    """Where this comes from: what each source says of each field."""
    groups = words_of(company, request.user)
    records = company.source_records.select_related("source").order_by("-last_seen_on")
    return company_page(
        request,
        "directory/company_origins.html",
        company,
        "origins",
        several=sorted((g for g in groups if len(g.words) > 1), key=lambda group: not group.is_disputed),
        single=[group for group in groups if len(group.words) == 1],
        records=list(records),
        form=ReasonForm(),
        may_resolve=request.user.has_perm("directory.resolve_conflict", company),
        may_ask=request.user.has_perm("directory.ask_correction", company),
    )


@require_POST
@requires("directory.resolve_conflict", on=Company)
def resolve_conflict(request, company, value):
    """Choose what one source says of a field."""
    chosen = CompanyValue.objects.visible_to(request.user).filter(company=company, pk=value).first()
    form = ReasonForm(request.POST)
    if chosen is None or not form.is_valid():
        messages.warning(request, _("This value is there no more: somebody chose before."))
        return redirect("directory:company_origins", company.pk)
    actions.resolve_conflict(value=chosen, by=request.user, reason=form.cleaned_data["reason"])
    say(request, _("Chosen. The field stays so until a person changes it."))
    return redirect(company)


@require_POST
@requires("directory.resolve_conflict", on=Company)
def keep_value(request, company, field):
    """Stay with what the card says."""
    form = ReasonForm(request.POST)
    if field not in COMPANY_GROUPS or not form.is_valid():
        raise Http404(field)
    actions.keep_value(record=company, field=field, by=request.user, reason=form.cleaned_data["reason"])
    say(request, _("Kept. The field stays so until a person changes it."))
    return redirect(company)
