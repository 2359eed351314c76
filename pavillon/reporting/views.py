from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.reporting import prints, sheets
from pavillon.reporting.enums import Stage
from pavillon.reporting.forms import ScopeForm
from pavillon.reporting.periods import today
from pavillon.reporting.permissions import is_agency_reader
from pavillon.reporting.queries.dashboard import dashboard_of
from pavillon.reporting.queries.lists import Narrower, rows_behind
from pavillon.reporting.queries.marketing import marketing_of
from pavillon.reporting.queries.monthly import monthly_report
from pavillon.showroom.models import Enquiry
from pavillon.ui.htmx import fragment

# Whose rows each list shows, for the read log.
READ = {Stage.VIEWS: Company, Stage.ENQUIRIES: Enquiry, Stage.LEADS: Lead, Stage.TAKEN: Lead}
REQUESTS = (Stage.LEADS, Stage.TAKEN)
# Nothing was counted before the platform: earlier months are typing errors.
FIRST_MONTH = date(2015, 1, 1)
FILES = {
    "pdf": (prints.monthly_pdf, "application/pdf"),
    "xlsx": (sheets.monthly_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@requires("reporting.view_dashboard")
def dashboard(request):
    return _dashboard(request)


@requires("reporting.view_region_dashboard")
def region_dashboard(request):
    return _dashboard(request)


def _dashboard(request):
    """The same figures at two addresses: of everything, and of the reader's own region (`Scope.narrowed`)."""
    form = ScopeForm(request.GET, user=request.user)
    form.is_valid()
    context = dashboard_of(form.scope, form.group, query=request.GET)
    context |= {"form": form, "home": _home(request.user)}
    return fragment(request, "reporting/dashboard.html", "reporting/_figures.html", context)


@requires("reporting.view_marketing")
def marketing(request):
    """The home of marketing: whom we aim at, what prospects cost, how people answer."""
    return render(request, "reporting/marketing.html", marketing_of(request.user))


def _home(user):
    return "reporting:dashboard" if is_agency_reader(user) else "reporting:region_dashboard"


@requires("reporting.view_figures")
def behind(request, stage):
    """The list that a figure counts."""
    form = ScopeForm(request.GET, user=request.user)
    form.is_valid()
    narrower = Narrower.read(request.GET)
    rows, total = rows_behind(stage, form.scope, narrower)
    keys = [row["company"] if stage is Stage.VIEWS else row.pk for row in rows]
    note_read(request.user, READ[stage], how="list", rows=len(rows), ids=keys)
    context = {"stage": stage, "rows": rows, "total": total, "scope": form.scope, "query": request.GET.urlencode()}
    context |= {"home": _home(request.user), "narrowed": narrower.words if stage in REQUESTS else []}
    return render(request, "reporting/behind.html", context)


@requires("reporting.view_company_report", on=Company)
def company_report(request, company):
    return _report(request, company, "ui/workspace.html")


@requires("reporting.view_own_report")
def own_report(request):
    company = Company.objects.visible_to(request.user).first()
    if company is None:
        return render(request, "reporting/no_company.html", status=404)
    return _report(request, company, "ui/company.html")


def _report(request, company, layout):
    """One report, three ways to read it: the figures are built once, by the same function."""
    month = asked_month(request.GET.get("month", ""))
    if month is None:
        messages.warning(
            request, _("There is no report of “%s”: this is the present month.") % request.GET["month"][:20]
        )
    report = monthly_report(company, month or today(), reader=request.user)
    if request.GET.get("format") in FILES:
        make, kind = FILES[request.GET["format"]]
        note_read(request.user, company, how="export")
        told = {"company": slugify(company.name), "month": report.month.strftime("%Y-%m")}
        name = _("report-%(company)s-%(month)s") % told
        disposition = f'attachment; filename="{name}.{request.GET["format"]}"'
        return HttpResponse(make(report), content_type=kind, headers={"Content-Disposition": disposition})
    return render(request, "reporting/company_report.html", {"report": report, "company": company, "layout": layout})


def asked_month(text):
    """The first day of "2026-11", this month when nothing is asked, None for what is no month that has a report."""
    if not text:
        return today()
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if FIRST_MONTH <= month <= today() else None
