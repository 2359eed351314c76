"""Who may do what with requests, interactions, referents and routing. What one may see is in the QuerySets."""

from datetime import date
from typing import Any

from django.utils import timezone

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import User
from pavillon.campaigns.models import Campaign
from pavillon.core.permissions import is_allowed, permission, sees
from pavillon.core.policy import may_read
from pavillon.crm.enums import MissionState, Step, SuggestionRule
from pavillon.crm.models import (
    Absence,
    Capacity,
    ChannelCost,
    Comment,
    ComplexDealRule,
    ContactMessage,
    DedicatedContact,
    Discussion,
    Follow,
    HandOver,
    Interaction,
    Lead,
    LeadSettings,
    Mission,
    MissionFile,
    ProfileSettings,
    QualificationChecklist,
    QualifiedTarget,
    RecordFollow,
    Referent,
    RoutingRule,
    RoutingSimulation,
    RoutingVersion,
    SharedTask,
    Suggestion,
    Territory,
    TerritoryChange,
    TerritoryWork,
)
from pavillon.crm.models.leads import LEAD_READERS, LEAD_WORKERS
from pavillon.crm.models.routing_versions import RULE_READERS, RULE_WRITERS
from pavillon.crm.models.support import SUPPORT_READERS
from pavillon.crm.models.territories import TERRITORY_READERS
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady

LEAD_DEEDS = (
    "take_charge",
    "assign_lead",
    "hand_over_lead",
    "set_next_action",
    "treat_lead",
    "close_lead",
    "refuse_lead",
    "match_lead",
    "write_to_company",
    "add_touch",
    "attribute_touch",
    "log_on_lead",
)


def _works(user: User) -> bool:
    return user.role in LEAD_WORKERS


def _is_national_manager(user: User) -> bool:
    place = user.organisation
    return bool(
        place and user.role == Role.TEAM_MANAGER and place.kind == Kind.AGENCY and place.level == Level.NATIONAL
    )


def _manages(user: User, lead: Lead) -> bool:
    if user.role != Role.TEAM_MANAGER:
        return False
    return _is_national_manager(user) or (lead.team_id is not None and lead.team_id == user.acting.organisation_id)


def _handles(user: User, lead: Lead) -> bool:
    """Its adviser, or the manager of the team that has it."""
    return _works(user) and (lead.adviser_id == user.pk or _manages(user, lead))


def _detected(user: User, lead: Lead) -> bool:
    if user.role != Role.TELE_PROSPECTOR or not lead.is_untouched:
        return False
    return lead.steps.filter(step=Step.RECEIVED, by=user).exists()


def deeds_on(user: User, lead: Lead) -> dict[str, bool]:
    """What one may do with a request, by the names of the deeds: for the buttons of its page."""
    return {deed: is_allowed(user, f"crm.{deed}", lead) for deed in LEAD_DEEDS}


@permission("crm.view_leads")
def view_leads(user: User, subject: None) -> bool:
    return user.role in LEAD_READERS


@permission("crm.view_lead")
def view_lead(user: User, lead: Lead | None) -> bool:
    """The team's page of a request; a company reads its own in "my requests"."""
    return user.role in LEAD_READERS and (lead is None or sees(user, lead))


@permission("crm.export_leads")
def export_leads(user: User, subject: None) -> bool:
    return user.role in {Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER}


@permission("crm.receive_lead", writes=Lead)
def receive_lead(user: User, subject: None) -> bool:
    """Write down a request that came by phone, at the counter, at a seminar…"""
    return _works(user)


@permission("crm.take_charge", writes=Lead)
def take_charge(user: User, lead: Lead) -> bool:
    in_queue = lead.adviser_id is None and bool(user.acting) and lead.team_id == user.acting.organisation_id
    return _handles(user, lead) or (_works(user) and in_queue)


@permission("crm.assign_lead", writes=Lead)
def assign_lead(user: User, lead: Lead) -> bool:
    return _manages(user, lead)


@permission("crm.hand_over_lead", writes=Lead)
def hand_over_lead(user: User, lead: Lead) -> bool:
    """Who handles it; and who detected it by telephone, as long as nobody took charge."""
    return _handles(user, lead) or _detected(user, lead)


@permission("crm.view_hand_overs")
def view_hand_overs(user: User, subject: None) -> bool:
    """One's own: what one passed on and what became of it."""
    return _works(user)


@permission("crm.accept_hand_over", writes=Lead)
def accept_hand_over(user: User, hand_over: HandOver) -> bool:
    return hand_over.receiver_id == user.pk and _works(user)


@permission("crm.decline_hand_over", writes=Lead)
def decline_hand_over(user: User, hand_over: HandOver) -> bool:
    return hand_over.receiver_id == user.pk and _works(user)


@permission("crm.move_lead", writes=Lead)
def move_lead(user: User, lead: Lead) -> bool:
    """Open what a card's move asks; each deed behind it asks its own permission."""
    return view_lead(user, lead)


@permission("crm.set_next_action", writes=Lead, field="next_action")
def set_next_action(user: User, lead: Lead) -> bool:
    return _handles(user, lead)


@permission("crm.treat_lead", writes=Lead)
def treat_lead(user: User, lead: Lead) -> bool:
    return _handles(user, lead)


@permission("crm.close_lead", writes=Lead, field="outcome")
def close_lead(user: User, lead: Lead) -> bool:
    return _handles(user, lead)


@permission("crm.refuse_lead", writes=Lead)
def refuse_lead(user: User, lead: Lead) -> bool:
    return _handles(user, lead) or take_charge(user, lead)


@permission("crm.match_lead", writes=Lead)
def match_lead(user: User, lead: Lead) -> bool:
    """Whoever works on requests and sees this one may say which company it comes from."""
    return _works(user) and sees(user, lead)


@permission("crm.write_to_company", writes=Lead)
def write_to_company(user: User, lead: Lead) -> bool:
    return _handles(user, lead)


@permission("crm.add_touch", writes=Lead)
def add_touch(user: User, lead: Lead) -> bool:
    return _works(user) and sees(user, lead)


@permission("crm.attribute_touch", writes=Lead)
def attribute_touch(user: User, lead: Lead) -> bool:
    return add_touch(user, lead)


@permission("crm.view_campaign_requests")
def view_campaign_requests(user: User, campaign: Campaign | None) -> bool:
    """Those that name a campaign and do not point to it yet."""
    return user.role in LEAD_READERS and (campaign is None or sees(user, campaign))


@permission("crm.adopt_requests", writes=Lead)
def adopt_requests(user: User, campaign: Campaign) -> bool:
    """Managers, of the requests that they see."""
    manages = user.role in (Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER)
    return manages and campaign.closed_at is None and sees(user, campaign)


@permission("crm.log_on_lead", writes=Interaction)
def log_on_lead(user: User, lead: Lead) -> bool:
    """An exchange is logged on a request by who handles it, once the company is known."""
    return lead.company_id is not None and _handles(user, lead)


@permission("crm.view_my_requests")
def view_my_requests(user: User, subject: None) -> bool:
    return user.role == Role.COMPANY_MANAGER


@permission("crm.add_message", writes=Lead)
def add_message(user: User, lead: Lead) -> bool:
    """The company's side of the thread; the QuerySet has already kept it to its own requests."""
    return user.role == Role.COMPANY_MANAGER


@permission("crm.view_timeline")
def view_timeline(user: User, company: Company) -> bool:
    return user.role in LEAD_READERS


@permission("crm.log_interaction", writes=Interaction)
def log_interaction(user: User, company: Company) -> bool:
    return _works(user)


@permission("crm.store_report", writes=Interaction)
def store_report(user: User, subject: None) -> bool:
    return _works(user)


@permission("crm.change_interaction", writes=Interaction)
def change_interaction(user: User, interaction: Interaction) -> bool:
    """Only who wrote it corrects it, and in the organisation in whose name it was written."""
    mine = interaction.author_id == user.pk
    return mine and bool(user.acting) and interaction.organisation_id == user.acting.organisation_id


@permission("crm.finish_next_action", writes=Interaction)
def finish_next_action(user: User, interaction: Interaction) -> bool:
    """Whoever promised it, and whoever keeps it now that it went with the account."""
    return interaction.keeper_id == user.pk or change_interaction(user, interaction)


@permission("crm.view_referent")
def view_referent(user: User, company: Company) -> bool:
    return user.role in LEAD_READERS


@permission("crm.set_referent", writes=Referent)
def set_referent(user: User, company: Company) -> bool:
    return user.role in {Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER}


_referents_on = steady.Form(
    lambda company, day: Referent.objects.on(day).filter(company=company)[:1],
    (5_550_000_001, date(1802, 1, 1)),
    (6_660_000_001, date(1852, 1, 1)),
)


@permission("crm.hand_over_referent", writes=Referent)
def hand_over_referent(user: User, company: Company) -> bool:
    """The referent himself, a manager of his organisation, or the national level."""
    found = _referents_on(company.pk, timezone.localdate()) if company and may_hold(company, Referent) else []
    present = next(iter(found), None)
    if present is None:
        return set_referent(user, company)
    managed = user.role == Role.TEAM_MANAGER and bool(user.acting) and (
        present.organisation_id == user.acting.organisation_id
    )  # fmt: skip
    return present.adviser_id == user.pk or managed or _is_national_manager(user)


# Those who decide who accompanies a company; the operator names its own people only.
SUPPORT_NAMERS = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER, Role.OPERATOR})


def _is_colleague(user: User, contact: DedicatedContact) -> bool:
    return bool(user.acting) and user.acting.organisation_id == contact.organisation_id


@permission("crm.view_support_team")
def view_support_team(user: User, company: Company) -> bool:
    return user.role in SUPPORT_READERS


@permission("crm.name_dedicated_contact", writes=DedicatedContact, field="function")
def name_dedicated_contact(user: User, company: Company) -> bool:
    is_followed = company.is_accompanied or company.organisation_id is not None
    return user.role in SUPPORT_NAMERS and is_followed


@permission("crm.view_dedicated_contact")
def view_dedicated_contact(user: User, contact: DedicatedContact | None) -> bool:
    """The team's page of a contact; a company has its own."""
    return user.role in SUPPORT_READERS


@permission("crm.change_dedicated_contact", writes=DedicatedContact, field="function")
def change_dedicated_contact(user: User, contact: DedicatedContact) -> bool:
    """Those who name, each for his own organisation; the national agency for all but the operator's."""
    if user.role not in SUPPORT_NAMERS or contact.is_ended:
        return False
    is_national = _is_national_manager(user) or (
        user.role == Role.SHOWROOM_MANAGER and user.organisation.kind == Kind.AGENCY
    )
    return _is_colleague(user, contact) or (is_national and not contact.is_operator)


@permission("crm.end_dedicated_contact", writes=DedicatedContact, field="ends_on")
def end_dedicated_contact(user: User, contact: DedicatedContact) -> bool:
    return change_dedicated_contact(user, contact) and contact.ends_on is None


@permission("crm.view_my_contact")
def view_my_contact(user: User, contact: DedicatedContact | None) -> bool:
    """The company's page of a contact; the QuerySet has already kept it to its own."""
    return user.is_company


@permission("crm.read_contact_messages")
def read_contact_messages(user: User, contact: DedicatedContact) -> bool:
    """The two who write, and those who answer for the contact's work."""
    if not may_read(user, ContactMessage, "text"):
        return False
    if user.is_company:
        return sees(user, contact)
    managed = user.has_role(Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER) and _is_colleague(user, contact)
    return contact.person_id == user.pk or managed


@permission("crm.write_contact_message", writes=ContactMessage, field="text")
def write_contact_message(user: User, contact: DedicatedContact) -> bool:
    is_theirs = user.is_company or contact.person_id == user.pk
    return is_theirs and not contact.is_ended


@permission("crm.view_routing_rules")
def view_routing_rules(user: User, subject: None) -> bool:
    return user.role in RULE_READERS


def _writes_rules_of(user: User, version: RoutingVersion | None) -> bool:
    """The national level writes every level's rules, a region's manager those of his region."""
    if user.role not in RULE_WRITERS or (version is not None and not sees(user, version)):
        return False
    if version is None or user.role == Role.PLATFORM_ADMIN or _is_national_manager(user):
        return True
    return bool(user.region_id) and version.region_id == user.region_id


def _prepares(user: User, version: RoutingVersion | None) -> bool:
    return _writes_rules_of(user, version) and (version is None or version.is_draft)


@permission("crm.start_routing_draft", writes=RoutingRule)
def start_routing_draft(user: User, subject: None) -> bool:
    """Prepare other rules; for which level is asked by the form and by who may put them into force."""
    national = user.role == Role.PLATFORM_ADMIN or _is_national_manager(user)
    return national or (user.role in RULE_WRITERS and bool(user.region_id))


@permission("crm.view_routing_version")
def view_routing_version(user: User, version: RoutingVersion | None) -> bool:
    return user.role in RULE_READERS and (version is None or sees(user, version))


@permission("crm.restore_routing_version", writes=RoutingRule)
def restore_routing_version(user: User, version: RoutingVersion | None) -> bool:
    """Begin a draft with the rules of an earlier version."""
    return _writes_rules_of(user, version) and (version is None or not version.is_draft)


@permission("crm.activate_routing_draft", writes=RoutingRule)
def activate_routing_draft(user: User, version: RoutingVersion | None) -> bool:
    return _prepares(user, version)


@permission("crm.discard_routing_draft", writes=RoutingRule)
def discard_routing_draft(user: User, version: RoutingVersion | None) -> bool:
    return _prepares(user, version)


@permission("crm.create_routing_rule", writes=RoutingRule)
def create_routing_rule(user: User, version: RoutingVersion | None) -> bool:
    return _prepares(user, version)


@permission("crm.change_routing_rule", writes=RoutingRule)
def change_routing_rule(user: User, rule: RoutingRule | None) -> bool:
    return _prepares(user, rule.version if rule else None)


@permission("crm.move_routing_rule", writes=RoutingRule)
def move_routing_rule(user: User, rule: RoutingRule | None) -> bool:
    return change_routing_rule(user, rule)


@permission("crm.delete_routing_rule", writes=RoutingRule)
def delete_routing_rule(user: User, rule: RoutingRule | None) -> bool:
    return change_routing_rule(user, rule)


@permission("crm.simulate_routing")
def simulate_routing(user: User, subject: None) -> bool:
    """By the rules in force."""
    return user.role in RULE_WRITERS


@permission("crm.simulate_routing_draft")
def simulate_routing_draft(user: User, version: RoutingVersion | None) -> bool:
    return _prepares(user, version)


@permission("crm.view_routing_simulation")
def view_routing_simulation(user: User, simulation: RoutingSimulation | None) -> bool:
    return user.role in RULE_WRITERS and (simulation is None or sees(user, simulation))


@permission("crm.view_delays")
def view_delays(user: User, subject: None) -> bool:
    """How soon requests are taken in charge, among those that one may see."""
    return user.role in LEAD_READERS


@permission("crm.change_lead_settings", writes=LeadSettings)
def change_lead_settings(user: User, subject: Any) -> bool:
    return user.role == Role.PLATFORM_ADMIN or _is_national_manager(user)


@permission("crm.view_workload")
def view_workload(user: User, subject: None) -> bool:
    """Who is there and how busy: what routing knows, open to those whom it concerns."""
    return user.role in {Role.ADVISER, Role.TEAM_MANAGER, Role.PLATFORM_ADMIN}


@permission("crm.change_deal_rule", writes=ComplexDealRule)
def change_deal_rule(user: User, subject: None) -> bool:
    """The limits of one's own organisation."""
    return user.has_role(Role.TEAM_MANAGER, Role.ORGANISATION_ADMIN)


@permission("crm.give_on_left", writes=Interaction)
def give_on_left(user: User, person: User | None) -> bool:
    """A manager, of what somebody leaves in his own organisation; its administrator where it has no manager."""
    if user.role == Role.ORGANISATION_ADMIN:
        managers = User.objects.working().acting_in(organisation=user.organisation, role=Role.TEAM_MANAGER)
        return not managers.exists()
    return user.has_role(Role.TEAM_MANAGER)


@permission("crm.view_left")
def view_left(user: User, subject: None) -> bool:
    """How much was left by whom, without what it is: for who gives it on where there is no manager."""
    return user.role == Role.ORGANISATION_ADMIN


@permission("crm.change_capacity", writes=Capacity)
def change_capacity(user: User, adviser: User | None) -> bool:
    return user.role in {Role.TEAM_MANAGER, Role.PLATFORM_ADMIN}


@permission("crm.plan_absence", writes=Absence)
def plan_absence(user: User, person: User | None) -> bool:
    """One's own, or those of the people one manages; `UserQuerySet` keeps a manager to his organisation."""
    if person is None or person.pk == user.pk:
        return _works(user)
    return user.role == Role.TEAM_MANAGER


@permission("crm.cancel_absence", writes=Absence)
def cancel_absence(user: User, absence: Any) -> bool:
    return plan_absence(user, absence.person)


@permission("crm.view_potentials")
def view_potentials(user: User, subject: None) -> bool:
    return user.role in LEAD_READERS


@permission("crm.take_potential", writes=Referent)
def take_potential(user: User, company: Company | None) -> bool:
    return user.role in {Role.ADVISER, Role.TEAM_MANAGER}


@permission("crm.view_suggestions")
def view_suggestions(user: User, company: Company | None) -> bool:
    """What the platform suggests to do next, and how often it was right."""
    return user.role in LEAD_READERS


@permission("crm.follow_suggestion", writes=SharedTask)
def follow_suggestion(user: User, suggestion: Suggestion | None) -> bool:
    """Take it up: as a task of one's own, or, for a visitor of our sites, as a request that one may write down."""
    if suggestion is not None and suggestion.rule == SuggestionRule.VISITED:
        return is_allowed(user, "crm.receive_lead") and sees(user, suggestion)
    return _works(user) and (suggestion is None or sees(user, suggestion))


@permission("crm.dismiss_suggestion", writes=Suggestion)
def dismiss_suggestion(user: User, suggestion: Suggestion | None) -> bool:
    return _works(user) and (suggestion is None or sees(user, suggestion))


@permission("crm.view_profile")
def view_profile(user: User, company: Company) -> bool:
    return user.role in LEAD_READERS


@permission("crm.change_profile_settings", writes=ProfileSettings)
def change_profile_settings(user: User, subject: Any) -> bool:
    return user.role == Role.PLATFORM_ADMIN or _is_national_manager(user)


@permission("crm.view_qualified")
def view_qualified(user: User, subject: None) -> bool:
    """How many companies are qualified: counts, never which ones."""
    return user.role in LEAD_READERS


@permission("crm.view_portfolios")
def view_portfolios(user: User, subject: None) -> bool:
    """Counts of the companies that one may see, by network of their referents."""
    return user.role in LEAD_READERS


@permission("crm.view_qualification")
def view_qualification(user: User, company: Company | None) -> bool:
    return user.role in LEAD_READERS


@permission("crm.change_checklist", writes=QualificationChecklist)
def change_checklist(user: User, subject: Any) -> bool:
    return _is_national_manager(user)


@permission("crm.set_qualified_target", writes=QualifiedTarget)
def set_qualified_target(user: User, subject: Any) -> bool:
    return change_checklist(user, subject)


@permission("crm.view_missions")
def view_missions(user: User, subject: None) -> bool:
    """A partner its own, the team those of the requests that it sees."""
    return user.role in LEAD_READERS


@permission("crm.view_my_missions")
def view_my_missions(user: User, subject: None) -> bool:
    """What a private partner has to do, on its desk."""
    return user.role == Role.PRIVATE_PARTNER


@permission("crm.view_mission")
def view_mission(user: User, mission: Mission | None) -> bool:
    return user.role in LEAD_READERS and (mission is None or sees(user, mission))


def _follows(user: User, mission: Mission) -> bool:
    """Whoever transmitted the company, and the national agency's advisers and managers."""
    place = user.organisation
    is_agency = bool(place) and place.kind == Kind.AGENCY and place.level == Level.NATIONAL
    leads = is_agency and user.role in {Role.ADVISER, Role.TEAM_MANAGER}
    return view_mission(user, mission) and (mission.sent_by_id == user.pk or leads)


@permission("crm.change_mission", writes=Mission)
def change_mission(user: User, mission: Mission) -> bool:
    return _follows(user, mission) and mission.is_running


def _has(user: User, mission: Mission) -> bool:
    """Whoever of the partner has it."""
    return view_mission(user, mission) and mission.adviser_id == user.pk


@permission("crm.report_mission", writes=Mission)
def report_mission(user: User, mission: Mission) -> bool:
    """Whoever of the partner has it."""
    return _has(user, mission) and mission.is_running


@permission("crm.review_mission", writes=Mission)
def review_mission(user: User, mission: Mission) -> bool:
    return _follows(user, mission) and mission.state == MissionState.REPORTED


@permission("crm.read_mission_file")
def read_mission_file(user: User, file: MissionFile | None) -> bool:
    """Those of the mission that were not emptied, as the matrix lets them."""
    if user.role not in LEAD_READERS or file is None:
        return user.role in LEAD_READERS
    return bool(file.file) and sees(user, file) and may_read(user, file, "file")


@permission("crm.add_mission_file", writes=MissionFile, field="file")
def add_mission_file(user: User, mission: Mission) -> bool:
    """Either side, until the work is judged."""
    is_open = mission.state in {MissionState.RUNNING, MissionState.REPORTED}
    return is_open and (_has(user, mission) or _follows(user, mission))


@permission("crm.remove_mission_file", writes=MissionFile, field="file")
def remove_mission_file(user: User, file: MissionFile) -> bool:
    """Whoever added it, until the work is judged; a report until the result is told."""
    stays = not file.file or (file.is_report and not file.mission.is_running)
    return not stays and file.added_by_id == user.pk and sees(user, file) and add_mission_file(user, file.mission)


@permission("crm.view_discussions")
def view_discussions(user: User, company: Company) -> bool:
    return user.role in LEAD_READERS


@permission("crm.start_discussion", writes=Comment, field="text")
def start_discussion(user: User, company: Company) -> bool:
    return user.role in LEAD_READERS


@permission("crm.discuss_lead", writes=Comment, field="text")
def discuss_lead(user: User, lead: Lead) -> bool:
    """Comments on a request, once its company is known."""
    return lead.company_id is not None and view_lead(user, lead)


@permission("crm.view_contact_discussions")
def view_contact_discussions(user: User, contact: Contact | None) -> bool:
    """What is said about a person of a company, and who follows him."""
    return user.role in LEAD_READERS and (contact is None or sees(user, contact))


@permission("crm.discuss_contact", writes=Comment, field="text")
def discuss_contact(user: User, contact: Contact | None) -> bool:
    return view_contact_discussions(user, contact) and (contact is None or not contact.is_merged)


@permission("crm.follow_contact", writes=RecordFollow)
def follow_contact(user: User, contact: Contact | None) -> bool:
    return view_contact_discussions(user, contact)


@permission("crm.unfollow_record", writes=RecordFollow)
def unfollow_record(user: User, follow: RecordFollow | None) -> bool:
    """One's own, even when what one followed has gone out of sight."""
    mine = follow is None or (follow.person_id == user.pk and sees(user, follow))
    return user.role in LEAD_READERS and mine


@permission("crm.view_discussion")
def view_discussion(user: User, discussion: Discussion | None) -> bool:
    return user.role in LEAD_READERS and (discussion is None or sees(user, discussion))


@permission("crm.answer_discussion", writes=Comment, field="text")
def answer_discussion(user: User, discussion: Discussion) -> bool:
    """Whoever reads it may answer: those of other organisations too, once they were named."""
    return view_discussion(user, discussion)


@permission("crm.change_comment", writes=Comment, field="text")
def change_comment(user: User, comment: Comment) -> bool:
    """Only who wrote it, in the organisation in whose name it was written."""
    mine = comment.author_id == user.pk
    return mine and bool(user.acting) and comment.organisation_id == user.acting.organisation_id


@permission("crm.find_people")
def find_people(user: User, subject: None) -> bool:
    """Names of colleagues of the whole team, for who may name them."""
    return user.role in LEAD_READERS


@permission("crm.view_tasks")
def view_tasks(user: User, company: Company | None) -> bool:
    return user.role in LEAD_READERS


@permission("crm.give_task", writes=SharedTask)
def give_task(user: User, company: Company) -> bool:
    return _works(user)


@permission("crm.change_task", writes=SharedTask, field="what")
def change_task(user: User, task: SharedTask) -> bool:
    """Who asked for it."""
    return task.given_by_id == user.pk and sees(user, task)


@permission("crm.finish_task", writes=SharedTask)
def finish_task(user: User, task: SharedTask) -> bool:
    """Who has it to do, and who asked for it."""
    return user.pk in (task.given_to_id, task.given_by_id) and sees(user, task)


@permission("crm.reopen_task", writes=SharedTask)
def reopen_task(user: User, task: SharedTask) -> bool:
    return finish_task(user, task)


@permission("crm.view_followers")
def view_followers(user: User, company: Company) -> bool:
    return user.role in LEAD_READERS


@permission("crm.follow_company", writes=Follow)
def follow_company(user: User, company: Company) -> bool:
    return user.role in LEAD_READERS


@permission("crm.unfollow_company", writes=Follow)
def unfollow_company(user: User, company: Company) -> bool:
    return follow_company(user, company)


@permission("crm.view_channels")
def view_channels(user: User, subject: None) -> bool:
    """What each channel brings and costs."""
    return user.role in LEAD_READERS


@permission("crm.note_channel_cost", writes=ChannelCost, field="cost")
def note_channel_cost(user: User, subject: None) -> bool:
    return user.role in {Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER}


@permission("crm.remove_channel_cost", writes=ChannelCost, field="cost")
def remove_channel_cost(user: User, cost: ChannelCost) -> bool:
    """Who noted it, or a manager of the national level."""
    return note_channel_cost(user, None) and (cost.noted_by_id == user.pk or _is_national_manager(user))


@permission("crm.view_territories")
def view_territories(user: User, subject: None) -> bool:
    """Who answers for which place: counts and names of colleagues."""
    return user.role in TERRITORY_READERS


@permission("crm.view_territory")
def view_territory(user: User, territory: Territory | None) -> bool:
    return user.role in TERRITORY_READERS and (territory is None or sees(user, territory))


def _draws(user: User, row: Territory | TerritoryChange | None) -> bool:
    """The managers of the organisation whose territories these are."""
    if user.role != Role.TEAM_MANAGER or not user.acting:
        return False
    return row is None or (sees(user, row) and row.organisation_id == user.acting.organisation_id)


@permission("crm.create_territory", writes=Territory)
def create_territory(user: User, subject: None) -> bool:
    return _draws(user, None)


@permission("crm.split_territory", writes=Territory)
def split_territory(user: User, territory: Territory | None) -> bool:
    return _draws(user, territory) and (territory is None or territory.is_in_force)


@permission("crm.move_territory_areas", writes=Territory)
def move_territory_areas(user: User, territory: Territory | None) -> bool:
    return split_territory(user, territory)


@permission("crm.merge_territories", writes=Territory)
def merge_territories(user: User, territory: Territory | None) -> bool:
    return split_territory(user, territory)


@permission("crm.change_territory", writes=Territory)
def change_territory(user: User, territory: Territory | None) -> bool:
    return split_territory(user, territory)


@permission("crm.retire_territory", writes=Territory)
def retire_territory(user: User, territory: Territory | None) -> bool:
    return split_territory(user, territory)


@permission("crm.reassign_portfolio", writes=Referent)
def reassign_portfolio(user: User, subject: None) -> bool:
    """Hand many companies over at once, within one's own organisation."""
    return _draws(user, None)


@permission("crm.view_territory_work")
def view_territory_work(user: User, work: TerritoryWork | None) -> bool:
    return user.role in TERRITORY_READERS and (work is None or sees(user, work))


@permission("crm.view_territory_changes")
def view_territory_changes(user: User, subject: None) -> bool:
    """What changes of territories did to the coverage."""
    return view_territories(user, None)


@permission("crm.view_territory_change")
def view_territory_change(user: User, change: TerritoryChange | None) -> bool:
    return user.role in TERRITORY_READERS and (change is None or sees(user, change))


@permission("crm.undo_territory_change", writes=Territory)
def undo_territory_change(user: User, change: TerritoryChange | None) -> bool:
    return _draws(user, change) and (change is None or not (change.is_undone or change.undoes_id))
