"""Terms of prospects, signals, the register of exchanges, public interfaces."""

import csv
from itertools import chain
from typing import Any

from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.directory.models import Company, Source
from pavillon.intake import actions
from pavillon.intake.actions.signals import head_offices
from pavillon.intake.feeds import layouts
from pavillon.intake.forms.outside import (
    ApprovalForm,
    ExchangeForm,
    InterfaceForm,
    RatingForm,
    SignalsForm,
    TermsForm,
)
from pavillon.intake.models import Exchange, ProspectTerms, PublicInterface
from pavillon.intake.models.prospects import PROSPECT_KINDS
from pavillon.intake.queries.outside import feeds_for, outside_of
from pavillon.intake.reading import BadFile
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@require_GET
@requires("intake.view_outside")
def prospect_sources(request):
    """Sources of prospects: supplier, cost, end of the licence; those that may no longer be used first."""
    return list_page(
        request,
        Source.objects.visible_to(request.user).filter(kind__in=PROSPECT_KINDS).select_related("terms"),
        template="intake/prospect_sources.html",
        rows="intake/_prospect_source_rows.html",
        sorts={"end": ["terms__licence_ends_on", "name"], "name": ["name"], "kind": ["kind", "name"]},
        sort="end",
        context={"expired": ProspectTerms.objects.visible_to(request.user).expired().count()},
    )


@requires("intake.set_terms", on=Source)
def set_terms(request, source):
    form = TermsForm(request.POST or None, instance=getattr(source, "terms", None))
    if form.is_valid():
        actions.set_terms(source=source, by=request.user, **form.cleaned_data)
        say(request, _("Saved."))
        return redirect("intake:prospect_sources")
    return form_page(request, "intake/set_terms.html", {"form": form, "source": source})


@require_GET
@requires("intake.view_outside")
def signals(request):
    return render(request, "intake/signals.html", feeds_for(request.user))


@requires("intake.import_signals")
def import_signals(request):
    form = SignalsForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "layouts": layouts()}
    if form.is_valid():
        said = form.cleaned_data
        try:
            context["report"] = actions.import_signals(
                feed=said["feed"], content=said["file"].read(), observed_on=said["observed_on"], by=request.user
            )
        except (BadFile, actions.NotApproved) as error:
            form.add_error("file", str(error))
    return form_page(request, "intake/import_signals.html", context)


@requires("intake.approve_feed")
def approve_feed(request):
    form = ApprovalForm(request.POST or None)
    if form.is_valid():
        actions.approve_feed(by=request.user, **form.cleaned_data)
        say(request, _("The approval is recorded."))
        return redirect("intake:signals")
    return form_page(request, "intake/approve_feed.html", {"form": form})


@require_POST
@requires("intake.export_head_offices")
def export_head_offices(request):
    """The file of head offices for the zones; a round of the exchange begins."""
    exchange = actions.export_head_offices(by=request.user)
    note_read(request.user, Company, how="export", rows=exchange.head_offices)
    lines = (
        [c.siren, c.name, c.address, c.postal_code, c.commune_id or "", c.commune.name if c.commune else c.town]
        for c in head_offices(request.user).iterator(chunk_size=2000)
    )
    head = ["SIREN", "Nom", "Adresse", "Code postal", "Code commune", "Commune"]
    writer = csv.writer(_Echo(), delimiter=";")
    rows = (writer.writerow([_safe(cell) for cell in line]) for line in chain([head], lines))
    name = f"head-offices-{exchange.exported_at:%Y-%m-%d}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(chain(["\ufeff"], rows), content_type="text/csv; charset=utf-8", headers=disposition)


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, line):
        return line


def _safe(cell):
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if str(cell)[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


@require_GET
@requires("intake.view_outside")
def exchanges(request):
    rows = Exchange.objects.visible_to(request.user)
    interfaces = PublicInterface.objects.visible_to(request.user).select_related("country", "rated_by")
    return render(request, "intake/exchanges.html", {"exchanges": rows, "interfaces": interfaces})


@requires("intake.change_exchange", on=Exchange)
def change_exchange(request, exchange):
    form = ExchangeForm(request.POST or None, instance=exchange)
    if form.is_valid():
        try:
            actions.change_exchange(exchange=exchange, by=request.user, **form.cleaned_data)
            say(request, _("Saved."))
            return redirect("intake:exchanges")
        except ValueError as error:
            form.add_error("legal_status", str(error))
    return form_page(request, "intake/change_exchange.html", {"form": form, "exchange": exchange})


@requires("intake.add_interface")
def add_interface(request):
    form = InterfaceForm(request.POST or None)
    if form.is_valid():
        actions.add_interface(by=request.user, **form.cleaned_data)
        say(request, _("The interface is in the catalogue."))
        return redirect("intake:exchanges")
    return form_page(request, "intake/add_interface.html", {"form": form})


@require_POST
@requires("intake.try_interface", on=PublicInterface)
def try_interface(request, publicinterface):
    found = actions.try_interface(interface=publicinterface, by=request.user)
    say(request, found.problem or _("It answered: %(status)s.") % {"status": found.answered})
    return redirect("intake:exchanges")


@requires("intake.rate_interface", on=PublicInterface)
def rate_interface(request, publicinterface):
    initial = {"usefulness": publicinterface.usefulness, "verdict": publicinterface.verdict}
    form = RatingForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.rate_interface(interface=publicinterface, by=request.user, **form.cleaned_data)
        say(request, _("Saved."))
        return redirect("intake:exchanges")
    return form_page(request, "intake/rate_interface.html", {"form": form, "interface": publicinterface})


@require_GET
@requires("intake.company_outside", on=Company, how="panel")
def company_outside(request, company):
    return render(request, "intake/_company_outside.html", outside_of(company, request.user))
