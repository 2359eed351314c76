"""Whom surveys reached and what services brought about; the figures of surveys."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET

from pavillon.core.policy import may_read
from pavillon.core.views import requires
from pavillon.services import actions
from pavillon.services.forms.catalogue import SurveySettingsForm
from pavillon.services.forms.figures import FlowFilter
from pavillon.services.forms.period import PeriodForm
from pavillon.services.models import ExportFlow, Survey
from pavillon.services.queries.figures import coverage_by, flows_by, whole
from pavillon.services.queries.surveys import present_settings
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

COVERAGE = {
    "service": gettext_lazy("By service"),
    "region": gettext_lazy("By region"),
    "organisation": gettext_lazy("By organisation of the adviser"),
    "provider": gettext_lazy("By provider"),
    "network": gettext_lazy("By network of the adviser"),
}
FLOWS = {
    "country": gettext_lazy("By country"),
    "kind": pgettext_lazy("export flows", "By kind"),
    "service_kind": gettext_lazy("By kind of service"),
    "service": gettext_lazy("By service"),
    "network": gettext_lazy("By network of the adviser"),
}
COLUMNS = [
    Column(gettext_lazy("Attested on"), lambda flow: flow.attested_at),
    Column(gettext_lazy("Company"), lambda flow: str(flow.survey.order.company)),
    Column(gettext_lazy("Service"), lambda flow: str(flow.survey.order.service)),
    Column(gettext_lazy("Region"), lambda flow: str(flow.survey.order.region or "")),
    Column(gettext_lazy("What"), lambda flow: flow.get_kind_display()),
    Column(gettext_lazy("Country"), lambda flow: str(flow.country)),
    Column(gettext_lazy("Amount"), lambda flow: flow.amount),
    Column(pgettext_lazy("money", "Currency"), lambda flow: flow.currency),
]


@require_GET
@requires("services.view_coverage")
def view_coverage(request):
    """Every delivered service asks: who was asked, how many answered, how satisfied they are."""
    form, since, until = PeriodForm.read(request.GET)
    low = present_settings().low_score
    coverage = coverage_by(request.user, since, until, low)
    tables = [(label, coverage[name]) for name, label in COVERAGE.items()]
    context = {
        "form": form,
        "since": since,
        "until": until,
        "low": low,
        "tables": tables,
        "all": whole(tables[0][1]),
        "reads_score": may_read(request.user, Survey, "score"),
        "may_change": request.user.has_perm("services.change_survey_settings"),
    }
    return render(request, "services/view_coverage.html", context)


@require_GET
@requires("services.view_impact")
def view_impact(request):
    """Export flows that companies attested, and what they amount to under the filters."""
    seen = ExportFlow.objects.visible_to(request.user)
    flows = flows_by(FlowFilter(request.GET or None, queryset=seen, request=request).qs)
    return list_page(
        request,
        seen.with_names(),
        template="services/view_impact.html",
        rows="services/_flow_rows.html",
        sorts={"newest": ["-attested_at"], "amount": ["amount"], "company": ["survey__order__company__name"]},
        sort="newest",
        filters=FlowFilter,
        columns=COLUMNS,
        export_permission="services.export_orders",
        context={"tables": [(label, flows[name]) for name, label in FLOWS.items()]},
    )


@requires("services.change_survey_settings")
def change_survey_settings(request):
    form = SurveySettingsForm(request.POST or None, instance=present_settings())
    if form.is_valid():
        actions.change_survey_settings(by=request.user, **form.cleaned_data)
        say(request, _("The figures of surveys are changed."))
        return redirect("services:view_coverage")
    return form_page(request, "services/change_survey_settings.html", {"form": form})
