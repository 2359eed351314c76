"""The routing rules as their pages show them: in force, being prepared, and how they stood before."""

from dataclasses import dataclass
from typing import Any

from pavillon.accounts.models import Organisation, User
from pavillon.core.permissions import is_allowed
from pavillon.crm.models import Lead, RoutingRule, RoutingSimulation, RoutingVersion
from pavillon.crm.models.reasons import tell
from pavillon.crm.queries.routing import rules_in_force
from pavillon.crm.queries.simulation import mark_of

LATEST = 30
LATEST_SIMULATIONS = 10
# (before the referent, last resort)
STAGES = ((True, False), (False, False), (False, True))


def overview_of(user: User) -> dict[str, Any]:
    """The rules in force in the order in which they are tried, the drafts that the reader sees, past versions."""
    versions = RoutingVersion.objects.visible_to(user).select_related("region", "started_by", "activated_by")
    return {
        "rules": rules_in_force(),
        "drafts": versions.drafts(),
        "versions": versions.exclude(state="draft").order_by("-activated_at")[:LATEST],
        "simulations": RoutingSimulation.objects.visible_to(user).with_names()[:LATEST_SIMULATIONS],
        "may_start": is_allowed(user, "crm.start_routing_draft", None),
    }


def page_of_version(user: User, version: RoutingVersion) -> dict[str, Any]:
    """One version: its rules; of a draft, those of the other levels among which they will be tried."""
    if version.is_draft:
        switched_off = version.rules.filter(is_active=False).in_order().with_words()
        rules = [*rules_in_force(version), *switched_off]
    else:
        rules = list(version.rules.in_order().with_words())
    own = [rule for rule in rules if rule.version_id == version.pk and rule.is_active and not rule.is_always_there]
    stages = [[rule.pk for rule in own if (rule.before_referent, rule.is_last_resort) == stage] for stage in STAGES]
    return {
        "version": version,
        "rules": rules,
        # Within each stage a rule moves up to its first place and down to its last.
        "first": [keys[0] for keys in stages if keys],
        "last": [keys[-1] for keys in stages if keys],
        "simulations": RoutingSimulation.objects.visible_to(user).filter(version=version)[:LATEST_SIMULATIONS],
        "may_write": is_allowed(user, "crm.activate_routing_draft", version),
        "may_restore": is_allowed(user, "crm.restore_routing_version", version),
    }


@dataclass(frozen=True)
class Share:
    """How many requests somebody got: in fact, by the rules in force, by those tried."""

    name: str
    happened: int
    before: int
    after: int

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class RuleUse:
    """One rule that was tried, as it reads now (None once it is gone), and how many requests it decided."""

    name: str
    rule: RoutingRule | None
    before: int
    after: int


@dataclass(frozen=True)
class Line:
    """One request: who got it, where the rules in force would send it, and where the tried ones would."""

    lead: Lead
    happened: str
    before: tuple[str, str]
    after: tuple[str, str]
    other_team: bool
    why: str


def page_of_simulation(user: User, simulation: RoutingSimulation) -> dict[str, Any]:
    """The kept answer with its people, teams, rules and requests named, those requests that the reader may see."""
    answer = simulation.answer
    version = simulation.version
    context: dict[str, Any] = {"simulation": simulation, "version": version, "answer": answer}
    if not answer:
        return context
    people = {key: str(one) for key, one in User.objects.in_bulk(_keys(answer["people"])).items()}
    teams = {key: str(one) for key, one in Organisation.objects.in_bulk(_keys(answer["teams"])).items()}
    rules = RoutingRule.objects.with_words().in_bulk([row[0] for row in answer["rules"] if row[0]])
    shipped = {rule.name: rule for rule in rules_in_force() if rule.pk is None}
    leads = Lead.objects.visible_to(user).select_related("company").in_bulk([line["lead"] for line in answer["lines"]])
    now = rules_in_force(version if version and version.is_draft else None)
    return context | {
        "is_moved": mark_of(now) != simulation.mark,
        "uses": [RuleUse(name, rules.get(key) or shipped.get(name), *counts) for key, name, *counts in answer["rules"]],
        "teams": [Share(teams.get(key, "–"), *counts) for key, *counts in answer["teams"]],
        "people": [Share(people.get(key, "–"), *counts) for key, *counts in answer["people"]],
        "lines": [
            Line(
                leads[line["lead"]],
                people.get(line["happened"], "–"),
                _named(line["before"], people, teams),
                _named(line["after"], people, teams),
                line["other_team"],
                " ".join(tell(reason) for reason in line["reasons"]),
            )
            for line in answer["lines"]
            if line["lead"] in leads
        ],
    }


def _keys(shares: list[list[int]]) -> list[int]:
    return [key for key, *_counts in shares if key]


def _named(ends: list[int], people: dict[int, str], teams: dict[int, str]) -> tuple[str, str]:
    person, team = ends
    return people.get(person, "–"), teams.get(team, "–")
