from typing import Any

from django.db.models import Q, QuerySet
from django.dispatch import receiver

from pavillon.accounts.events import membership_ended, user_deactivated
from pavillon.accounts.models import Membership, User
from pavillon.agenda.events import absence_planned, absence_removed
from pavillon.crm import actions, tasks
from pavillon.crm.actions.agenda import come_back, keep_away
from pavillon.crm.actions.following import move_follows
from pavillon.crm.actions.merging import move_dedicated_contacts, move_referents
from pavillon.crm.actions.suggestions import FOLLOW_UP
from pavillon.crm.actions.telling import tell_closing
from pavillon.crm.actions.telling_followers import (
    follow_contact,
    follow_exchange,
    follow_merge,
    follow_referent,
    follow_request,
    follow_signal,
    follow_state,
)
from pavillon.crm.enums import SuggestionState
from pavillon.crm.events import (
    interaction_logged,
    interactions_logged,
    lead_assigned,
    lead_closed,
    lead_handed_over,
    lead_matched,
    lead_received,
    lead_refused,
    lead_taken,
    lead_treated,
    referent_set,
    referents_set,
)
from pavillon.crm.models import (
    CompanyProfile,
    DedicatedContact,
    Detection,
    Discussion,
    Follow,
    Interaction,
    Lead,
    PortfolioMove,
    ProposedMatch,
    QualifiedPeriod,
    RecordFollow,
    Referent,
    SharedTask,
    SiteVisit,
    Suggestion,
)
from pavillon.curation.queries import add_portfolio
from pavillon.directory.events import (
    companies_changed,
    companies_created,
    companies_merged,
    companies_parted,
    company_changed,
    company_closed,
    company_created,
    contact_changed,
)
from pavillon.directory.models import Company, Contact
from pavillon.directory.models.references import leaves_with, moved_by, moves_with, stays
from pavillon.intake.enums import SignalKind
from pavillon.intake.events import signal_noted
from pavillon.privacy.events import consent_refused, consent_withdrawn
from pavillon.privacy.models import Consent

moves_with(Lead, "company")
moves_with(Lead, "contact")
moves_with(Interaction, "company")
moves_with(Interaction, "contact")
moves_with(ProposedMatch, "company", taken="drop")
moves_with(Discussion, "company")
moves_with(Discussion, "contact")
moves_with(SharedTask, "company")
moves_with(SiteVisit, "company", taken="drop")
moves_with(Suggestion, "company", taken="drop")
moves_with(RecordFollow, "company")
moves_with(RecordFollow, "contact", taken="drop")
moved_by(Follow, "company", move_follows)
moved_by(Referent, "company", move_referents)
moved_by(DedicatedContact, "company", move_dedicated_contacts)


@receiver(companies_merged)
@receiver(companies_parted)
def show_merged_company(kept: Company, **event: Any) -> None:
    actions.show_merged_company(kept=kept)


stays(CompanyProfile, "company", why="derived: computed again for the record that is kept")
stays(PortfolioMove, "company", why="history: what undoing a change of territories would put back on that record")
leaves_with(CompanyProfile, "company")
leaves_with(Suggestion, "company", only=Q(state__in=[SuggestionState.OPEN, SuggestionState.LAPSED]))
moves_with(Detection, "company")
stays(QualifiedPeriod, "company", why="history: it counted then; the next computation ends it")


@receiver(company_created)
@receiver(company_changed)
def a_company_gets_its_profile(company: Company, **event: Any) -> None:
    tasks.compute_profile.defer(company_id=company.pk)


@receiver(companies_changed)
@receiver(companies_created)
def companies_get_their_profiles(companies: list[Company], **event: Any) -> None:
    tasks.compute_profiles_of.defer(company_ids=[company.pk for company in companies])


@receiver(company_closed)
def a_closing_is_told(company: Company, **event: Any) -> None:
    tell_closing(company)


@receiver(companies_merged)
def a_merged_company_gets_its_profile(kept: Company, removed: Company, **event: Any) -> None:
    tasks.compute_profile.defer(company_id=kept.pk)
    tasks.compute_profile.defer(company_id=removed.pk)


@receiver(interaction_logged)
def an_exchange_changes_the_profile(interaction: Any, **event: Any) -> None:
    tasks.compute_profile.defer(company_id=interaction.company_id)


@receiver(lead_handed_over)
@receiver(lead_assigned)
def a_transfer_is_a_mission(lead: Lead, by: User | None = None, **event: Any) -> None:
    actions.follow_transfer(lead=lead, by=by)


@receiver(referent_set)
def a_referent_may_qualify(referent: Referent, **event: Any) -> None:
    tasks.compute_qualified_of.defer(company_ids=[referent.company_id])


@receiver(referent_set)
def follow_ups_go_with_the_account(referent: Referent, **event: Any) -> None:
    tasks.hand_promises_on.defer(company_ids=[referent.company_id])


@receiver(referents_set)
def follow_ups_go_with_many_accounts(companies: list[int], **event: Any) -> None:
    tasks.hand_promises_on.defer(company_ids=companies)


@receiver(membership_ended)
def what_a_colleague_leaves_is_told(membership: Membership, **event: Any) -> None:
    tasks.follow_leaver.defer(person_id=membership.user_id, organisation_id=membership.organisation_id)


@receiver(user_deactivated)
def what_a_closed_account_leaves_is_told(user: User, **event: Any) -> None:
    for place in set(user.memberships.current().values_list("organisation", flat=True)):
        tasks.follow_leaver.defer(person_id=user.pk, organisation_id=place)


@receiver(referents_set)
def many_referents_may_qualify(companies: list[int], **event: Any) -> None:
    tasks.compute_qualified_of.defer(company_ids=companies)


@receiver(interactions_logged)
def exchanges_change_profiles(interactions: list[Interaction], **event: Any) -> None:
    tasks.compute_profiles_of.defer(company_ids=sorted({one.company_id for one in interactions}))


@receiver(lead_treated)
@receiver(lead_closed)
def a_service_changes_the_profile(lead: Any, **event: Any) -> None:
    if lead.company_id:
        tasks.compute_profile.defer(company_id=lead.company_id)


@add_portfolio
def companies_answered_for(user: User) -> QuerySet[Referent, Any]:
    """Whose referent somebody is today: his part of the records to complete."""
    return Referent.objects.current().filter(adviser=user).values("company")


@receiver(company_changed)
def followers_learn_of_a_change(company: Company, changes: dict[str, Any], by: Any, **event: Any) -> None:
    follow_state(company, changes, by)


@receiver(companies_merged)
def followers_learn_of_a_merge(kept: Company, removed: Company, by: Any, **event: Any) -> None:
    follow_merge(kept, removed, by)


@receiver(referent_set)
def followers_learn_of_a_referent(referent: Referent, by: Any, **event: Any) -> None:
    follow_referent(referent, by)


@receiver(lead_received)
@receiver(lead_matched)
def followers_learn_of_a_request(lead: Lead, by: Any, **event: Any) -> None:
    follow_request(lead, "received", by)


@receiver(lead_taken)
def followers_learn_who_takes_charge(lead: Lead, by: Any, **event: Any) -> None:
    follow_request(lead, "taken", by)


@receiver(lead_closed)
def followers_learn_of_an_outcome(lead: Lead, by: Any, **event: Any) -> None:
    follow_request(lead, "closed", by)


@receiver(contact_changed)
def followers_learn_of_a_person(contact: Contact, changes: dict[str, Any], by: Any, **event: Any) -> None:
    follow_contact(contact, changes, by)


@receiver(interaction_logged)
def followers_learn_of_an_exchange(interaction: Interaction, **event: Any) -> None:
    follow_exchange(interaction)


@receiver(lead_taken)
@receiver(lead_assigned)
@receiver(lead_handed_over)
@receiver(lead_closed)
@receiver(lead_refused)
def a_promise_follows_its_lead(lead: Lead, by: Any, **event: Any) -> None:
    actions.keep_promise_in_agenda(lead, by=by)


@receiver(interaction_logged)
def an_exchange_goes_to_the_agenda(interaction: Interaction, **event: Any) -> None:
    if interaction.is_for_agenda:
        tasks.note_in_agenda.defer(interaction_id=interaction.pk)


@receiver(absence_planned)
def who_is_away_gets_no_request(entry: Any, by: User, **event: Any) -> None:
    keep_away(entry.owner, entry.first_day, entry.last_day, by=by)


@receiver(absence_removed)
def who_is_back_gets_requests(person: User, starts_on: Any, ends_on: Any, by: User, **event: Any) -> None:
    come_back(person, starts_on, ends_on, by=by)


@receiver(consent_withdrawn)
@receiver(consent_refused)
def visits_are_forgotten(consent: Any, **event: Any) -> None:
    if consent.purpose_id == FOLLOW_UP and consent.user is not None:
        actions.forget_site_visits(person=consent.user)


@receiver(signal_noted)
def a_signal_may_become_a_lead(company: Company, kind: str, source: Any, by: Any, **event: Any) -> None:
    follow_signal(company, kind, source, by)
    if kind == SignalKind.PATENT:
        tasks.suggest_lead.defer(company_id=company.pk, source_id=source.pk, by_id=by.pk if by else None)


@receiver(consent_withdrawn)
def a_partner_loses_what_the_company_takes_back(consent: Consent, **event: Any) -> None:
    if consent.scope:
        actions.close_partner_access(scope=consent.scope)
