from procrastinate.contrib.django import app

from pavillon.accounts.models import Organisation, User
from pavillon.core.encryption import cipher
from pavillon.core.tasks import PATIENTLY
from pavillon.crm import actions
from pavillon.crm.forms.territory_deeds import apply_work
from pavillon.crm.models import Interaction, Lead, RoutingSimulation, TerritoryChange, TerritoryWork
from pavillon.directory.models import Company, Source


@app.periodic(cron="* * * * *")
@app.task(name="crm.escalate_late_leads", queue="default", queueing_lock="crm.escalate_late_leads")
def escalate_late_leads(timestamp: int) -> None:
    """Every minute: an untouched request whose time is over goes up one level."""
    actions.escalate_late_leads()


@app.periodic(cron="50 2 * * *")
@app.task(name="crm.compute_profiles", queueing_lock="crm.compute_profiles")
def compute_profiles(timestamp: int) -> None:
    """Every night: classes and scores of all companies, also by the mere passing of days; who counts as qualified."""
    actions.compute_profiles()
    actions.compute_qualified()


@app.periodic(cron="17 * * * *")
@app.task(name="crm.index_addresses", queueing_lock="crm.index_addresses")
def index_addresses(timestamp: int) -> None:
    """Every hour, as long as there are addresses of before; nothing while data are locked."""
    if not cipher().is_locked():
        actions.index_addresses()


@app.periodic(cron="55 3 * * *")
@app.task(name="crm.sweep_mission_files", queueing_lock="crm.sweep_mission_files")
def sweep_mission_files(timestamp: int) -> None:
    """Every night: sealed files that no document of a mission has are put aside."""
    actions.sweep_mission_files()


@app.task(name="crm.follow_thresholds", lock="crm.follow_thresholds")
def follow_thresholds() -> None:
    """Somebody decided where the classes end: the counts beside the thresholds are those of today."""
    actions.compute_profiles()


@app.periodic(cron="20 4 * * *")
@app.task(name="crm.make_suggestions", queueing_lock="crm.make_suggestions")
def make_suggestions(timestamp: int) -> None:
    """Every night, once the profiles are computed: what to do next, and why."""
    actions.make_suggestions()


@app.periodic(cron="0 7 * * *")
@app.task(name="crm.remind_tasks", queueing_lock="crm.remind_tasks")
def remind_tasks(timestamp: int) -> None:
    """Every morning: what is to be done by tomorrow, and what is late."""
    actions.remind_tasks()


@app.periodic(cron="5 7 * * *")
@app.task(name="crm.remind_missions", queueing_lock="crm.remind_missions")
def remind_missions(timestamp: int) -> None:
    """Every morning: missions of partners whose deadline is near, and those that are late."""
    actions.remind_missions()


@app.task(name="crm.compute_profile")
def compute_profile(company_id: int) -> None:
    company = Company.objects.filter(pk=company_id).first()
    if company is not None:
        actions.compute_profiles(company=company)
    actions.compute_qualified(companies=[company_id])


@app.task(name="crm.compute_profiles_of")
def compute_profiles_of(company_ids: list[int]) -> None:
    """Many companies came or changed together, by a source."""
    actions.compute_profiles(companies=company_ids)
    actions.compute_qualified(companies=company_ids)


@app.task(name="crm.compute_qualified_of")
def compute_qualified_of(company_ids: list[int]) -> None:
    """Their referent changed: another portfolio, or none."""
    actions.compute_qualified(companies=company_ids)


@app.task(name="crm.hand_promises_on")
def hand_promises_on(company_ids: list[int]) -> None:
    """Their referent changed: what the one before promised goes with the accounts."""
    actions.hand_promises_on(companies=company_ids)


@app.task(name="crm.follow_leaver")
def follow_leaver(person_id: int, organisation_id: int) -> None:
    """Somebody left an organisation: what he promised goes with the accounts, or its managers are told."""
    person = User.objects.filter(pk=person_id).first()
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if person is not None and organisation is not None:
        actions.follow_leaver(person=person, organisation=organisation)


@app.periodic(cron="35 2 * * *")
@app.task(name="crm.follow_planned_changes", queueing_lock="crm.follow_planned_changes")
def follow_planned_changes(timestamp: int) -> None:
    """Every night: referents who begin today, roles whose last day was yesterday; after a pause those of its days."""
    actions.follow_planned_changes()


@app.task(name="crm.tell_companies_of_change")
def tell_companies_of_change(change_id: int) -> None:
    """Portfolios passed by a change of territories: tell the companies, however many."""
    change = TerritoryChange.objects.select_related("decided_by").filter(pk=change_id).first()
    if change is not None:
        actions.tell_companies_of_change(change=change)


@app.task(name="crm.run_territory_work")
def run_territory_work(work_id: int) -> None:
    """A change of territories that moves many companies, in one transaction."""
    rows = TerritoryWork.objects.select_related("organisation", "region", "territory", "undoes", "acting")
    work = rows.filter(pk=work_id).first()
    if work is not None:
        actions.run_territory_work(work=work, apply=apply_work)


@app.periodic(cron="*/2 * * * *")
@app.task(name="crm.end_abandoned_territory_works", queueing_lock="crm.end_abandoned_territory_works")
def end_abandoned_territory_works(timestamp: int) -> None:
    """Every other minute: a change whose job is gone keeps nobody waiting."""
    actions.end_abandoned_territory_works()


@app.task(name="crm.run_simulation")
def run_simulation(simulation_id: int) -> None:
    """Many requests of a month are routed again; put back after a crash it begins anew."""
    simulation = RoutingSimulation.objects.select_related("version__region", "acting").filter(pk=simulation_id).first()
    if simulation is not None:
        actions.run_simulation(simulation=simulation)


@app.task(name="crm.follow_checklist", lock="crm.follow_checklist")
def follow_checklist() -> None:
    """Somebody decided another checklist: the count of today follows at once."""
    actions.compute_qualified()


@app.task(name="crm.send_diagnosis_letter", queue="mail", retry=PATIENTLY)
def send_diagnosis_letter(lead_id: int) -> None:
    actions.send_diagnosis_letter(lead=Lead.objects.select_related("contact").get(pk=lead_id))


@app.task(name="crm.suggest_lead")
def suggest_lead(company_id: int, source_id: int, by_id: int | None) -> None:
    """Signals of a company were noted: look whether they make a request."""
    company = Company.objects.filter(pk=company_id).first()
    source = Source.objects.filter(pk=source_id).first()
    if company is not None and source is not None:
        actions.suggest_lead(company=company, source=source, by=User.objects.filter(pk=by_id or 0).first())


@app.task(name="crm.note_in_agenda")
def note_in_agenda(interaction_id: int) -> None:
    """An exchange was logged: its real time, and what it promised, go to its author's agenda."""
    found = Interaction.objects.filter(pk=interaction_id).select_related("author", "company").first()
    if found is not None:
        actions.note_exchange_in_agenda(found)
        actions.keep_promise_of_exchange(found, by=found.author)
