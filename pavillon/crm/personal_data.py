from django.utils.translation import gettext_lazy as _

from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.crm import actions
from pavillon.crm.models import (
    Absence,
    Capacity,
    ChannelCost,
    Comment,
    CompanyProfile,
    ComplexDealRule,
    ContactMessage,
    DedicatedContact,
    Detection,
    Discussion,
    Follow,
    HandOver,
    Interaction,
    Lead,
    LeadMessage,
    LeadSettings,
    LeadStep,
    LeadTouch,
    LeadWords,
    Mention,
    Mission,
    MissionFile,
    PortfolioMove,
    ProfileSettings,
    ProposedMatch,
    QualificationChecklist,
    QualifiedPeriod,
    QualifiedTarget,
    RecordFollow,
    Referent,
    RoutingRule,
    RoutingSimulation,
    RoutingVersion,
    RuleValue,
    SharedTask,
    SiteVisit,
    Suggestion,
    Territory,
    TerritoryArea,
    TerritoryChange,
    TerritoryWork,
)
from pavillon.crm.queries.people import contacts_in_use, leads_of, simulations_of
from pavillon.directory.models import Contact
from pavillon.privacy.queries import keep_while

holds_no_personal_data(
    Capacity,
    ComplexDealRule,
    DedicatedContact,
    LeadSettings,
    LeadStep,
    LeadTouch,
    LeadWords,
    ProposedMatch,
    QualificationChecklist,
    QualifiedPeriod,
    QualifiedTarget,
    Referent,
    RoutingRule,
    RoutingVersion,
    RuleValue,
)
holds_personal_data(
    Lead,
    # Why a request was given to somebody names colleagues.
    fields=["contact_name", "contact_email", "contact_phone", "message", "routing"],
    keep_months=36,
    purpose=_("Answer a company's request and measure how it was answered"),
    erase=actions.forget_lead,
    of=leads_of,
    clock="changed_at",
)
holds_personal_data(
    HandOver,
    fields=["note", "need", "decision_makers", "answer"],
    keep_months=36,
    purpose=_("Pass a request on to a colleague with what was learned of it"),
    erase=actions.forget_hand_over,
    of=lambda person: HandOver.objects.filter(lead__in=leads_of(person)),
    clock="asked_at",
)
holds_personal_data(
    Mission,
    fields=["what", "result", "quality_note"],
    keep_months=36,
    purpose=_("Follow what private partners do for the companies transmitted to them"),
    erase=actions.forget_mission,
    of=lambda person: Mission.objects.filter(lead__in=leads_of(person)),
    clock="changed_at",
)
holds_personal_data(
    MissionFile,
    fields=["name", "file"],
    keep_months=36,
    purpose=_("Follow what private partners do for the companies transmitted to them"),
    erase=actions.forget_mission_file,
    of=lambda person: MissionFile.objects.filter(mission__lead__in=leads_of(person)),
    clock="added_at",
)
holds_personal_data(
    Interaction,
    fields=["contact", "summary"],
    keep_months=60,
    purpose=_("Follow a company over the years without asking it twice"),
    erase=actions.forget_interaction,
    of=lambda person: Interaction.objects.filter(contact__in=person.contacts),
    clock="happened_at",
)
holds_personal_data(
    LeadMessage,
    fields=["text"],
    keep_months=36,
    purpose=_("Exchange with the company about its request"),
    erase=actions.forget_message,
    of=lambda person: LeadMessage.objects.filter(author__in=person.users),
    clock="written_at",
)
holds_personal_data(
    ContactMessage,
    fields=["text"],
    keep_months=36,
    purpose=_("Exchange between a company and the people who accompany it"),
    erase=actions.forget_contact_message,
    of=lambda person: ContactMessage.objects.filter(author__in=person.users),
    clock="written_at",
)
holds_personal_data(
    Absence,
    fields=["person", "starts_on", "ends_on"],
    keep_months=12,
    purpose=_("Give requests to people who are there"),
    erase=actions.forget_absence,
    of=lambda person: Absence.objects.filter(person__in=person.users),
    clock="ends_on",
)
holds_personal_data(
    RoutingSimulation,
    # Who would have got how many requests, and why: it names colleagues.
    fields=["answer"],
    keep_months=6,
    purpose=_("Try routing rules out before they apply"),
    erase=actions.forget_simulation,
    of=simulations_of,
    clock="asked_at",
)
holds_personal_data(
    Comment,
    fields=["text"],
    keep_months=60,
    purpose=_("Let the organisations that work for a company answer each other"),
    erase=actions.forget_comment,
    of=lambda person: Comment.objects.filter(author__in=person.users),
    clock="written_at",
)
holds_personal_data(
    SharedTask,
    fields=["what"],
    keep_months=36,
    purpose=_("Do what was promised to a company"),
    erase=actions.forget_task,
    of=lambda person: SharedTask.objects.filter(given_to__in=person.users),
    clock="changed_at",
)
# Somebody whom the team spoke with, or who waits for an answer, is not forgotten.
keep_while(Contact, contacts_in_use)
holds_personal_data(
    SiteVisit,
    fields=["person", "day", "pages", "products", "solutions"],
    keep_months=12,
    purpose="Offer help to companies that read our sites, with the person's agreement",
    erase=actions.forget_site_visit,
    of=lambda person: SiteVisit.objects.filter(person__in=person.users),
    clock="day",
)
# Who of the team discusses, follows or spends, in the course of work.
holds_no_personal_data(ChannelCost, Discussion, Follow, Mention, RecordFollow)
# Facts about companies, and who in the team decided what in the course of work.
holds_no_personal_data(CompanyProfile, Detection, ProfileSettings, Suggestion)
# Which adviser answers for which place, and who in the team decided it, in the course of work.
holds_no_personal_data(Territory, TerritoryArea, TerritoryChange, TerritoryWork, PortfolioMove)
