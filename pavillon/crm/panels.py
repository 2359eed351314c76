from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.campaigns.queries.returns import add_figures
from pavillon.crm.models import (
    DedicatedContact,
    Discussion,
    Follow,
    Interaction,
    Lead,
    QualifiedPeriod,
    Referent,
    SharedTask,
    Suggestion,
)
from pavillon.crm.queries import deals as deals
from pavillon.crm.queries import promises as promises
from pavillon.crm.queries.campaigns import ask_requests, read_requests, requests_behind
from pavillon.crm.queries.journey import journey_of
from pavillon.crm.queries.support import support_team_of
from pavillon.crm.queries.year import tell_relations
from pavillon.directory.models import Company
from pavillon.directory.queries.digest import add_part
from pavillon.directory.queries.traces import add_trace
from pavillon.ui.menu import ANALYTICS, ASSISTED, CRM, add_entry
from pavillon.ui.panels import add_panel, add_piece


def waiting(user: User) -> QuerySet[Lead]:
    """The requests that wait for this person to take them in charge."""
    return Lead.objects.visible_to(user).held_by(user).untouched()


add_entry(
    area="workspace",
    section=CRM,
    label=_("Requests"),
    url_name="crm:leads",
    permission="crm.view_leads",
    icon="inbox",
    order=20,
    badge=waiting,
    live="crm.lead",
    on_phone=True,
)
add_entry(
    area="workspace",
    section=CRM,
    label=_("Reports on the way"),
    url_name="crm:field_reports",
    permission="crm.store_report",
    icon="smartphone",
    order=45,
)
add_entry(
    area="workspace",
    section=_("Organisation"),
    label=_("Routing of requests"),
    url_name="crm:routing_rules",
    permission="crm.view_routing_rules",
    icon="route",
    order=80,
)
add_entry(
    area="workspace",
    section=_("Organisation"),
    label=_("Workload"),
    url_name="crm:view_workload",
    permission="crm.view_workload",
    icon="users",
    order=82,
)
add_entry(
    area="workspace",
    section=_("Organisation"),
    label=_("Left by who is no longer here"),
    url_name="crm:view_left",
    permission="crm.view_left",
    icon="user-check",
    order=82,
)
add_entry(
    area="workspace",
    section=CRM,
    label=_("Missions of partners"),
    url_name="crm:missions",
    permission="crm.view_missions",
    icon="handshake",
    order=26,
)
add_entry(
    area="workspace",
    section=ASSISTED,
    label=_("Next best actions"),
    url_name="crm:suggestions",
    permission="crm.view_suggestions",
    icon="sparkles",
    order=40,
)
add_entry(
    area="workspace",
    section=ANALYTICS,
    label=_("What channels bring"),
    url_name="crm:view_channels",
    permission="crm.view_channels",
    icon="trending-up",
    order=50,
)
add_entry(
    area="workspace",
    section=ANALYTICS,
    label=_("Take-charge of requests"),
    url_name="crm:view_delays",
    permission="crm.view_delays",
    icon="timer",
    order=52,
)
add_entry(
    area="company",
    label=_("My requests"),
    url_name="crm:my_requests",
    permission="crm.view_my_requests",
    icon="inbox",
    order=30,
    live="crm.lead",
    on_phone=True,
)

add_panel(
    "directory.company",
    title=_("Export journey"),
    url_name="crm:view_journey",
    permission="crm.view_timeline",
    order=4,
)
add_panel(
    "directory.company",
    title=_("Timeline"),
    url_name="crm:view_timeline",
    permission="crm.view_timeline",
    order=10,
    size="xl",
)
add_panel(
    "directory.company",
    title=_("Discussions"),
    url_name="crm:view_discussions",
    permission="crm.view_discussions",
    order=8,
    size="m",
)
add_panel(
    "directory.contact",
    title=_("Discussions"),
    url_name="crm:contact_discussions",
    permission="crm.view_contact_discussions",
    order=10,
    size="m",
)
add_panel(
    "directory.company",
    title=_("Tasks"),
    url_name="crm:company_tasks",
    permission="crm.view_tasks",
    column="side",
    order=13,
    live="crm.task",
)
add_panel(
    "directory.company",
    title=_("Followers"),
    url_name="crm:view_followers",
    permission="crm.view_followers",
    column="side",
    order=24,
)
add_panel(
    "workspace.desk",
    title=_("Tasks between organisations"),
    url_name="crm:my_tasks",
    permission="crm.view_tasks",
    order=10,
    live="crm.task",
    size="m",
)
add_panel(
    "workspace.desk",
    title=_("My missions"),
    url_name="crm:my_missions",
    permission="crm.view_my_missions",
    order=4,
    live="crm.mission",
)
add_panel(
    "directory.company",
    title=_("Referent"),
    url_name="crm:view_referent",
    permission="crm.view_referent",
    column="side",
    order=10,
)
add_panel(
    "directory.company",
    title=_("Dedicated contacts"),
    url_name="crm:view_support_team",
    permission="crm.view_support_team",
    column="side",
    order=12,
)
add_panel(
    "directory.company",
    title=_("Requests"),
    url_name="crm:company_leads",
    permission="crm.view_timeline",
    column="side",
    order=20,
    live="crm.lead",
)


def draw_support_team(request: HttpRequest) -> str:
    """Who accompanies the company, on each home page of its people."""
    if not request.user.has_perm("crm.view_my_contact"):  # type: ignore[union-attr]
        return ""
    return render_to_string("crm/_my_support_team.html", support_team_of(request.user), request)  # type: ignore[arg-type]


add_piece("company.home", draw_support_team)


def draw_journey(request: HttpRequest) -> str:
    """Where the company stands on its way abroad, on each home page of its people."""
    user: User = request.user  # type: ignore[assignment]
    company = Company.objects.visible_to(user).standing().filter(organisation=user.organisation).first()
    if company is None or not user.has_perm("crm.view_my_requests"):
        return ""
    return render_to_string("crm/_my_journey.html", {"journey": journey_of(company, user)}, request)


add_piece("company.home", draw_journey)
add_entry(
    area="workspace",
    section=ASSISTED,
    label=_("Potentials"),
    url_name="crm:potentials",
    permission="crm.view_potentials",
    icon="radar",
    order=42,
)
add_panel(
    "directory.company",
    title=_("Classes and potential"),
    url_name="crm:view_profile",
    permission="crm.view_profile",
    column="side",
    order=15,
)
add_entry(
    area="workspace",
    section=ANALYTICS,
    label=_("Portfolios"),
    url_name="crm:view_portfolios",
    permission="crm.view_portfolios",
    icon="users",
    order=53,
)
add_entry(
    area="workspace",
    section=ANALYTICS,
    label=_("Qualified companies"),
    url_name="crm:view_qualified",
    permission="crm.view_qualified",
    icon="list-checks",
    order=54,
)
add_panel(
    "directory.company",
    title=_("Qualified"),
    url_name="crm:view_qualification",
    permission="crm.view_qualification",
    column="side",
    order=16,
    size="l",
)
add_panel(
    "directory.company",
    title=_("Next best actions"),
    url_name="crm:company_suggestions",
    permission="crm.view_suggestions",
    column="side",
    order=14,
)
add_panel(
    "workspace.desk",
    title=_("Next best actions"),
    url_name="crm:desk_suggestions",
    permission="crm.view_suggestions",
    order=20,
    size="m",
)
add_part("crm", tell_relations, order=10)
add_trace(Lead, Interaction, Discussion, SharedTask, DedicatedContact, Suggestion, Follow, Referent, QualifiedPeriod)
add_figures("requests", ask_requests, read_requests, requests_behind)
add_panel(
    "campaigns.campaign",
    title=_("Requests that name it"),
    url_name="crm:campaign_requests",
    permission="crm.view_campaign_requests",
    live="crm.lead",
)
add_entry(
    area="workspace",
    section=_("Organisation"),
    label=_("Territories"),
    url_name="crm:territories",
    permission="crm.view_territories",
    icon="map",
    order=78,
)
