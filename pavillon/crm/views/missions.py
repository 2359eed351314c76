"""Missions of private partners: their list with the progress by country, and the page of one."""

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.missions import (
    ChangeMissionForm,
    MissionFileForm,
    MissionFilter,
    ReportMissionForm,
    ReviewMissionForm,
)
from pavillon.crm.models import Lead, Mission, MissionFile
from pavillon.crm.queries.missions import missions_of_partner, progress_of
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

COLUMNS = [
    Column(gettext_lazy("Request"), lambda mission: mission.lead.reference),
    Column(gettext_lazy("Company"), lambda mission: mission.lead.company_label),
    Column(gettext_lazy("Partner"), lambda mission: str(mission.partner)),
    Column(gettext_lazy("Country"), lambda mission: str(mission.country or "")),
    Column(gettext_lazy("Due on"), lambda mission: mission.due_on),
    Column(gettext_lazy("Step"), lambda mission: mission.get_state_display()),
    Column(gettext_lazy("Report delivered on"), lambda mission: mission.delivered_on),
    Column(gettext_lazy("Meetings arranged"), lambda mission: mission.meetings),
    Column(gettext_lazy("Quality"), lambda mission: mission.quality),
]


@require_GET
@requires("crm.view_missions")
def missions(request):
    """A partner's own missions; for the team the progress of all partners by country."""
    seen = Mission.objects.visible_to(request.user)
    return list_page(
        request,
        seen.with_names(),
        template="crm/missions.html",
        rows="crm/_mission_rows.html",
        sorts={"due": ["due_on", "pk"], "newest": ["-started_on", "-pk"]},
        sort="due",
        filters=MissionFilter,
        columns=COLUMNS,
        export_permission="crm.export_leads",
        context={"progress": progress_of(seen)},
    )


@require_GET
@requires("crm.view_my_missions")
def my_missions(request):
    """What a private partner has to do, by deadline: a panel of its desk."""
    context = {"missions": missions_of_partner(request.user)}
    return fragment(request, "crm/my_missions.html", "crm/_my_missions.html", context)


@require_GET
@requires("crm.view_mission", on=Mission)
def mission(request, mission):
    return render(request, "crm/mission.html", _context(request, mission))


def _context(request, mission, **forms):
    """The page of a mission with what its reader may do; `forms` replaces one that came back with errors."""
    may = {
        deed: request.user.has_perm(f"crm.{deed}", mission)
        for deed in ("change_mission", "report_mission", "review_mission", "add_mission_file")
    }
    files = MissionFile.objects.visible_to(request.user).filter(mission=mission).select_related("added_by")
    context = {
        "mission": mission,
        "may": may,
        "is_lead_seen": Lead.objects.visible_to(request.user).filter(pk=mission.lead_id).exists(),
        "change_form": ChangeMissionForm(instance=mission),
        "report_form": ReportMissionForm(),
        "review_form": ReviewMissionForm(),
        "files": [
            (file, request.user.has_perm("crm.remove_mission_file", file))
            for file in _with(mission, files, request.user)
        ],
        "file_form": MissionFileForm(user=request.user, mission=mission),
    }
    return context | forms


@require_POST
@requires("crm.change_mission", on=Mission)
def change_mission(request, mission):
    return _do(
        request, mission, "change_form", ChangeMissionForm(request.POST, instance=mission), actions.change_mission
    )


@require_POST
@requires("crm.report_mission", on=Mission)
def report_mission(request, mission):
    return _do(request, mission, "report_form", ReportMissionForm(request.POST), actions.report_mission)


@require_POST
@requires("crm.review_mission", on=Mission)
def review_mission(request, mission):
    return _do(request, mission, "review_form", ReviewMissionForm(request.POST), actions.review_mission)


def _with(mission, files, user):
    """Files that know their mission, and that `visible_to` showed them, without asking for it again."""
    for file in files:
        file.mission, file.shown_to = mission, user.pk
        yield file


@require_POST
@requires("crm.add_mission_file", on=Mission)
def add_mission_file(request, mission):
    form = MissionFileForm(request.POST, request.FILES, user=request.user, mission=mission)
    if form.is_valid():
        try:
            actions.add_mission_file(mission=mission, by=request.user, **form.cleaned_data)
        except (actions.MissionMoved, actions.TooManyFiles) as error:
            form.add_error(None, str(error))
        else:
            say(request, _("The document is kept, and the other side is told."))
            return redirect(mission)
    mission.refresh_from_db()
    return form_page(request, "crm/mission.html", {**_context(request, mission, file_form=form), "form": form})


@require_GET
@requires("crm.read_mission_file", on=MissionFile, how="document")
def read_mission_file(request, missionfile):
    """A document as it was sent: saved on the reader's disk, never drawn by the browser."""
    response = FileResponse(missionfile.file.open("rb"), as_attachment=True, filename=missionfile.name)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@requires("crm.remove_mission_file", on=MissionFile)
def remove_mission_file(request, missionfile):
    mission = missionfile.mission
    try:
        actions.remove_mission_file(file=missionfile, by=request.user)
    except (actions.MissionMoved, actions.ReportStays) as error:
        messages.warning(request, str(error))
    else:
        say(request, _("The document is taken away."))
    return redirect(mission)


def _do(request, mission, name, form, deed):
    """One deed on a mission; what is wrong, or what a colleague made impossible meanwhile, is told on its page."""
    if form.is_valid():
        try:
            deed(mission=mission, by=request.user, **form.cleaned_data)
        except (actions.NothingLogged, actions.MissionMoved, actions.WrongDeadline) as error:
            form.add_error(None, str(error))
        else:
            say(request, _("It is noted, and told to the other side."))
            return redirect("crm:missions")
    mission.refresh_from_db()
    return form_page(request, "crm/mission.html", {**_context(request, mission, **{name: form}), "form": form})
