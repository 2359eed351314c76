"""Companies of programmes: taking in a segment, the list, taking one out, the panel of a company."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from pavillon.core.policy import may_read
from pavillon.core.views import requires
from pavillon.directory.models import Company
from pavillon.loyalty import actions
from pavillon.loyalty.forms import EndEnrolmentForm, EnrolmentFilter
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.loyalty.queries.enrolments import enrolments_of, preview_of
from pavillon.segments.queries import sentence_for
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say
from pavillon.ui.words import number

SORTS = {"newest": ["-enrolled_at"], "company": ["company__name"], "left": ["left_at"]}
SIREN = Column(gettext_lazy("SIREN"), lambda row: row.company.siren)
COLUMNS = [
    Column(gettext_lazy("Company"), lambda row: str(row.company)),
    SIREN,
    Column(gettext_lazy("Region"), lambda row: str(row.company.region or "")),
    Column(gettext_lazy("Enrolled on"), lambda row: row.enrolled_at),
    Column(gettext_lazy("Left on"), lambda row: row.left_at),
    Column(gettext_lazy("Reason"), lambda row: row.reason),
]
# Programmes of one company that its page shows.
SHOWN = 10


@requires("loyalty.enrol_segment", on=Programme)
def enrol_segment(request, programme):
    """Counts whom the rule takes in and leaves out, and why; then takes them in."""
    if request.method == "POST":
        count = actions.enrol_segment(programme=programme, by=request.user)
        said = ngettext("%(n)s company was enrolled.", "%(n)s companies were enrolled.", count)
        say(request, said % {"n": number(count)})
        return redirect(programme)
    context = {
        "programme": programme,
        "preview": preview_of(programme, request.user),
        "sentence": sentence_for(programme.segment, request.user),
    }
    return form_page(request, "loyalty/enrol_segment.html", context)


@require_GET
@requires("loyalty.view_enrolments", on=Programme)
def enrolments(request, programme):
    seen = Enrolment.objects.visible_to(request.user).filter(programme=programme)
    return list_page(
        request,
        seen.select_related("company__region", "enrolled_by", "left_by"),
        template="loyalty/enrolments.html",
        rows="loyalty/_enrolment_rows.html",
        sorts=SORTS,
        sort="newest",
        filters=EnrolmentFilter,
        columns=[column for column in COLUMNS if column is not SIREN or may_read(request.user, Company, "siren")],
        export_permission="loyalty.export_enrolments",
        context={"programme": programme, "may_end": request.user.has_perm("loyalty.change_programme", programme)},
    )


@requires("loyalty.end_enrolment", on=Enrolment)
def end_enrolment(request, enrolment):
    form = EndEnrolmentForm(request.POST or None)
    if form.is_valid():
        actions.end_enrolment(enrolment=enrolment, by=request.user, **form.cleaned_data)
        say(request, _("%(company)s is no longer in the programme.") % {"company": enrolment.company})
        return redirect("loyalty:enrolments", enrolment.programme_id)
    return form_page(request, "loyalty/end_enrolment.html", {"form": form, "enrolment": enrolment})


@require_GET
@requires("loyalty.view_company_programmes", on=Company, how="panel")
def company_programmes(request, company):
    """The programmes that a company is in: a panel of its page."""
    context = {"company": company, "enrolments": enrolments_of(company, request.user, SHOWN)}
    return fragment(request, "loyalty/company_programmes.html", "loyalty/_company_programmes.html", context)
