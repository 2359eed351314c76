"""What tests over all pages put in the addresses of this room."""

import datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.models import (
    Absence,
    ChannelCost,
    Comment,
    DedicatedContact,
    Discussion,
    HandOver,
    Interaction,
    Lead,
    Mission,
    MissionFile,
    RecordFollow,
    RoutingRule,
    RoutingSimulation,
    RoutingVersion,
    SharedTask,
    Suggestion,
    Territory,
    TerritoryChange,
    TerritoryWork,
)
from pavillon.crm.queries.territory_plans import Asked, Handing
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.directory.models import Company, Contact
from pavillon.reference.models import Commune, Department, Region


def make_lead(world):
    """A request of Claire's company; the routing gives it to Helene, the only adviser of the region."""
    made = lead(world.example(Company), requested_by=world["claire"], by=world["claire"])
    assert made.adviser == world["helene"], made.routing
    return made


def make_interaction(world):
    """A private note of Helene's organisation."""
    return actions.log_interaction(
        company=world.example(Company),
        kind="call",
        happened_at=timezone.now(),
        summary="Wants to sell in Brazil",
        by=world["helene"],
        next_action="Call again",
        next_action_on=timezone.localdate() + datetime.timedelta(days=7),
    )


def make_hand_over(world):
    """Helene asks Karim of the bank to take over a request that she took charge of."""
    request = taken(lead(world.example(Company), subject="Financing of a first order"))
    karim = fresh(world["karim"])
    return actions.hand_over_lead(
        lead=request, to=karim, team=world["bank"], note="A loan is asked for", by=world["helene"]
    )


def make_draft(world):
    """Other rules that the administrator prepares."""
    return actions.start_routing_draft(by=world["admin"])


def make_rule(world):
    return actions.create_routing_rule(
        version=world.example(RoutingVersion),
        by=world["admin"],
        name="Loans",
        wanted={"kind": ["financing"]},
        organisation=world["bank"],
    )


def make_mission(world):
    """Lars of the partner accompanies Claire's company, sent by Helene."""
    return actions.open_mission(
        lead=world.example(Lead),
        partner=world["partner"],
        adviser=world["lars"],
        sent_by=world["helene"],
        what="Three meetings with distributors in Bavaria",
        by=world["helene"],
    )


def make_mission_file(world):
    """The brief that Helene added to it."""
    brief = ContentFile(b"a;b\n1;2\n", name="brief.csv")
    return actions.add_mission_file(mission=world.example(Mission), kind="brief", file=brief, by=fresh(world["helene"]))


def make_territory_work(world):
    """Bruno lets a worker hand Helene's portfolio over."""
    bruno = fresh(world["bruno"])
    return actions.ask_territory_change(
        organisation=bruno.organisation, region=bruno.organisation.region, ask="reassign", companies=1000, by=bruno
    )


def make_simulation(world):
    return actions.simulate_routing(by=world["admin"])


def make_absence(world):
    start = timezone.localdate() + datetime.timedelta(days=30)
    return actions.plan_absence(
        person=world["helene"], starts_on=start, ends_on=start + datetime.timedelta(days=5), by=world["bruno"]
    )


def make_dedicated_contact(world):
    """Alice of the agency accompanies Claire's company."""
    return actions.name_dedicated_contact(
        company=world.example(Company),
        person=world["alice"],
        organisation=world["agency"],
        function="Your shop in the showroom",
        by=world["alice"],
    )


def make_record_follow(world):
    """Helene follows a person of Claire's company."""
    contact = world.example(Contact)
    return actions.follow_record(company=contact.company, contact=contact, by=world["helene"])


def make_discussion(world):
    """Helene comments on Claire's company, and names Karim of the bank."""
    return actions.start_discussion(
        company=world.example(Company), text="@Karim Test, a loan?", people=[fresh(world["karim"])], by=world["helene"]
    )


def make_comment(world):
    return world.example(Discussion).comments.get()


def make_task(world):
    """Helene asks Karim of the bank for something."""
    return actions.give_task(
        company=world.example(Company),
        what="Send the conditions of the loan",
        due_on=timezone.localdate() + datetime.timedelta(days=3),
        to=fresh(world["karim"]),
        organisation=world["bank"],
        by=world["helene"],
    )


def make_cost(world):
    today = timezone.localdate()
    return actions.note_channel_cost(
        origin="social", detail="LinkedIn", starts_on=today, ends_on=today, cost=Decimal(300), by=world["bruno"]
    )


def make_suggestion(world):
    """A silent client, suggested to Helene."""
    return Suggestion.objects.create(
        company=world.example(Company),
        rule="dormant",
        facts={"last": "2026-01-15", "services": 2},
        adviser=world["helene"],
        team=world["chamber"],
    )


def make_territory(world):
    """Bruno draws all of Bretagne that is known, for Helene."""
    chamber, region = world["chamber"], world.example(Region)
    Department.objects.get_or_create(pk="35", defaults={"name_fr": "x", "name_en": "x", "region": region})
    Commune.objects.get_or_create(
        pk="35999", defaults={"name": "Bourg", "department_id": "35", "region": region, "postal_codes": ["35990"]}
    )
    handing = Handing(fresh(world["helene"]), None, timezone.localdate(), "none")
    actions.create_territory(
        organisation=chamber, region=region, asked=Asked(handing, name="Bretagne"), reason="", by=fresh(world["bruno"])
    )
    return Territory.objects.get(organisation=chamber)


def make_territory_change(world):
    return world.example(Territory).opened_by


EXAMPLES = {
    Territory: make_territory,
    TerritoryChange: make_territory_change,
    Suggestion: make_suggestion,
    ChannelCost: make_cost,
    Comment: make_comment,
    Discussion: make_discussion,
    SharedTask: make_task,
    RecordFollow: make_record_follow,
    DedicatedContact: make_dedicated_contact,
    Lead: make_lead,
    Interaction: make_interaction,
    HandOver: make_hand_over,
    RoutingVersion: make_draft,
    RoutingRule: make_rule,
    Mission: make_mission,
    MissionFile: make_mission_file,
    TerritoryWork: make_territory_work,
    RoutingSimulation: make_simulation,
    Absence: make_absence,
}
