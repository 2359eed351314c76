# ruff: noqa: S608 - every piece of a statement is a constant of this file
"""The rules of next best actions, one statement each; their reasons in words; how often they were right."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from pavillon.accounts.models import User
from pavillon.crm.enums import SuggestionRule, SuggestionState
from pavillon.crm.models import Interaction, Suggestion
from pavillon.crm.queries.profiles import FACTORS, reasons
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady
from pavillon.ui.words import day as day_in_words

# What each statement gives: company, facts, weight, and whom it is for. `only` narrows to companies, `most` is how
# many of one adviser, or of one region, at a time. A rule that was decided upon lately is quiet.
_KEPT = """
SELECT company_id, facts, weight, adviser_id, team_id, region_id FROM (
    SELECT found.*, row_number() OVER (
        PARTITION BY coalesce(found.adviser_id::text, found.team_id::text, found.region_id, '')
        ORDER BY found.weight DESC, found.company_id
    ) AS place
    FROM ({}) found
    JOIN directory_company standing ON standing.id = found.company_id
    WHERE standing.merged_into_id IS NULL AND standing.closed_on IS NULL
        AND (%(only)s::bigint[] IS NOT NULL OR NOT EXISTS (SELECT FROM crm_suggestion s
            WHERE s.company_id = found.company_id AND s.rule = %(rule)s
                AND (s.rule <> 'promise' OR (s.adviser_id IS NOT DISTINCT FROM found.adviser_id
                    AND s.team_id IS NOT DISTINCT FROM found.team_id))
                AND (s.state = 'open' OR (s.state IN ('followed', 'dismissed')
                    AND s.decided_at > %(now)s - make_interval(days => %(quiet)s)))))
) ranked WHERE place <= %(most)s
"""
_REFERENT = "r.starts_on <= %(today)s AND (r.ends_on IS NULL OR r.ends_on >= %(today)s)"
_LAST = "greatest(p.last_exchange_at, p.last_service_at, p.last_treated_at)"
_ONLY = "(%(only)s::bigint[] IS NULL OR {}.company_id = ANY(%(only)s))"

RULES = {
    # Of requests, of one's exchanges, and of tasks: the oldest promise of each company and person.
    SuggestionRule.PROMISE: _KEPT.format(
        f"""
        SELECT DISTINCT ON (company_id, adviser_id, team_id) company_id,
            jsonb_build_object('on', due, 'kind', kind, 'reference', reference) AS facts,
            least(due_days, 1000) AS weight, adviser_id, team_id, NULL::text AS region_id
        FROM (
            SELECT l.company_id, l.next_action_on AS due, %(today)s - l.next_action_on AS due_days, 'request' AS kind,
                'D-' || lpad(l.id::text, 6, '0') AS reference, l.adviser_id, l.team_id
            FROM crm_lead l WHERE l.state IN ('assigned', 'taken') AND l.next_action_on < %(today)s
                AND l.company_id IS NOT NULL AND {_ONLY.format("l")}
            UNION ALL
            SELECT i.company_id, i.next_action_on, %(today)s - i.next_action_on, 'exchange', '',
                coalesce(i.keeper_id, i.author_id),
                i.organisation_id
            FROM crm_interaction i WHERE i.next_action_on < %(today)s AND i.next_action_done_at IS NULL
                AND {_ONLY.format("i")}
            UNION ALL
            SELECT t.company_id, t.due_on, %(today)s - t.due_on, 'task', '', t.given_to_id, t.organisation_id
            FROM crm_sharedtask t WHERE t.due_on < %(today)s AND t.done_at IS NULL AND {_ONLY.format("t")}
        ) late ORDER BY company_id, adviser_id, team_id, due_days DESC
        """
    ),
    # Somebody of the referent's organisation has to look after what the absence leaves.
    SuggestionRule.ABSENT: _KEPT.format(
        f"""
        SELECT r.company_id, jsonb_build_object('adviser', u.first_name || ' ' || u.last_name, 'until', a.ends_on,
            'requests', count(*)) AS facts, (100 + 10 * count(*))::int AS weight,
            NULL::bigint AS adviser_id, r.organisation_id AS team_id, NULL::text AS region_id
        FROM crm_referent r
        JOIN crm_absence a ON a.person_id = r.adviser_id AND a.starts_on <= %(today)s AND a.ends_on >= %(today)s
        JOIN accounts_user u ON u.id = r.adviser_id
        JOIN crm_lead l ON l.company_id = r.company_id AND l.adviser_id = r.adviser_id
            AND l.state IN ('assigned', 'taken')
        WHERE {_REFERENT} AND {_ONLY.format("r")}
        GROUP BY r.company_id, u.first_name, u.last_name, a.ends_on, r.organisation_id
        """
    ),
    # A private exchange of the referent's own organisation breaks the silence too, for it alone.
    SuggestionRule.DORMANT: _KEPT.format(
        f"""
        SELECT r.company_id, jsonb_build_object('last', {_LAST}::date, 'services', p.services,
            'requests', p.treated_requests,
            'kind', CASE WHEN p.services > 0 THEN 'service' ELSE 'request' END) AS facts,
            least(1000, extract(day FROM %(now)s - {_LAST}))::int AS weight,
            r.adviser_id, r.organisation_id AS team_id, NULL::text AS region_id
        FROM crm_referent r JOIN crm_companyprofile p ON p.company_id = r.company_id
        WHERE {_REFERENT} AND {_ONLY.format("r")} AND p.services + p.treated_requests > 0
            AND {_LAST} < %(now)s - make_interval(days => %(silent)s)
            AND NOT EXISTS (SELECT FROM crm_lead l WHERE l.company_id = r.company_id
                AND l.state IN ('received', 'assigned', 'taken'))
            AND NOT EXISTS (SELECT FROM crm_interaction i WHERE i.company_id = r.company_id
                AND i.happened_at > %(now)s - make_interval(days => %(silent)s)
                AND (i.visibility = 'team' OR i.organisation_id = r.organisation_id))
        """
    ),
    SuggestionRule.VISITED: _KEPT.format(
        f"""
        SELECT v.company_id, jsonb_build_object('days', count(DISTINCT v.day), 'pages', sum(v.pages),
            'products', sum(v.products), 'solutions', sum(v.solutions), 'last', max(v.day)) AS facts,
            least(1000, sum(v.pages + 2 * v.products + 2 * v.solutions))::int AS weight,
            max(r.adviser_id) AS adviser_id, max(r.organisation_id) AS team_id,
            CASE WHEN max(r.adviser_id) IS NULL THEN max(c.region_id) END AS region_id
        FROM crm_sitevisit v JOIN directory_company c ON c.id = v.company_id
        LEFT JOIN crm_referent r ON r.company_id = v.company_id AND {_REFERENT}
        WHERE v.day > %(today)s - %(within)s AND {_ONLY.format("v")}
            AND NOT EXISTS (SELECT FROM crm_lead l WHERE l.company_id = v.company_id AND l.origin <> 'watch')
        GROUP BY v.company_id
        HAVING count(DISTINCT v.day) >= %(days)s AND sum(v.pages + v.products + v.solutions) >= %(pages)s
        """
    ),
    SuggestionRule.POTENTIAL: _KEPT.format(
        f"""
        SELECT p.company_id, jsonb_build_object('score', p.score, 'factors', p.factors) AS facts,
            p.call_score::int AS weight, NULL::bigint AS adviser_id, NULL::bigint AS team_id, c.region_id
        FROM crm_companyprofile p JOIN directory_company c ON c.id = p.company_id
        WHERE p.score >= %(potential)s AND c.region_id IS NOT NULL AND {_ONLY.format("p")}
            AND NOT EXISTS (SELECT FROM crm_referent r WHERE r.company_id = p.company_id AND {_REFERENT})
        """
    ),
}

REASONS = {
    SuggestionRule.PROMISE: {
        "request": gettext_noop("Request %(reference)s: what was promised for %(on)s is not done."),
        "exchange": gettext_noop("What was promised in an exchange for %(on)s is not done."),
        "task": gettext_noop("A task that was due on %(on)s is not done."),
    },
    SuggestionRule.ABSENT: {
        "": gettext_noop("%(adviser)s, its referent, is away until %(until)s and holds %(requests)s open request(s)."),
    },
    SuggestionRule.DORMANT: {
        "service": gettext_noop("%(services)s service(s) delivered, and no exchange since %(last)s."),
        "request": gettext_noop("%(requests)s request(s) treated, and no exchange since %(last)s."),
    },
    SuggestionRule.VISITED: {
        "": gettext_noop(
            "On %(days)s days it read %(pages)s page(s), %(products)s product(s) and %(solutions)s solution(s), the "
            "last on %(last)s; it never wrote."
        ),
    },
    SuggestionRule.POTENTIAL: {"": gettext_noop("Export potential of %(score)s out of 100, and no referent.")},
}
DEEDS = {
    SuggestionRule.PROMISE: gettext_noop("Keep the promise, or agree on another day"),
    SuggestionRule.ABSENT: gettext_noop("Look after its requests while its referent is away"),
    SuggestionRule.DORMANT: gettext_noop("Call to hear how its sales abroad are going"),
    SuggestionRule.VISITED: gettext_noop("Propose help to a company that reads our sites"),
    SuggestionRule.POTENTIAL: gettext_noop("Call it, and name its referent"),
}
DAYS = ("on", "until", "last")


def add_rule(rule: SuggestionRule, statement: str, reasons: dict[str, str], proposed: str) -> None:
    """A room above fills a rule: a statement that gives what `_KEPT` asks, its sentences by `kind`, and the deed.

    `statement` may hold `{only}`, which narrows to companies of the table `o`.
    """
    RULES[rule] = _KEPT.format(statement.replace("{only}", _ONLY.format("o")))
    REASONS[rule], DEEDS[rule] = reasons, proposed


def why(suggestion: Suggestion, user: User) -> list[str]:
    """The reasons of a suggestion in the reader's language: the rule with its facts, then what adds up to a score."""
    sentences = REASONS[SuggestionRule(suggestion.rule)]
    sentence = sentences.get(suggestion.facts.get("kind", ""), next(iter(sentences.values())))
    values = {
        name: day_in_words(datetime.date.fromisoformat(value)) if name in DAYS and value else value
        for name, value in suggestion.facts.items()
    }
    told = [gettext(sentence) % values]
    factors = suggestion.facts.get("factors") or {}
    return told + [f"{text} (+{points})" for text, points in reasons(factors, FACTORS, user)]


def deed(suggestion: Suggestion) -> str:
    """What is proposed, in the reader's language."""
    return gettext(DEEDS[SuggestionRule(suggestion.rule)])


@dataclass(frozen=True)
class Line:
    """A suggestion as a page shows it."""

    suggestion: Suggestion
    deed: str
    reasons: list[str]


def lines(rows: QuerySet[Suggestion] | Sequence[Suggestion], user: User) -> list[Line]:
    return [Line(row, deed(row), why(row, user)) for row in rows]


def open_suggestions(user: User, *, whose: str = "mine", rule: str = "", limit: int = 50) -> list[Line]:
    """What to do next, promises first, then the heaviest of each rule. One statement."""
    rule = rule if rule in SuggestionRule.values else ""
    whose = whose if whose == "team" else "mine"

    def heaviest(who: User) -> QuerySet[Suggestion]:
        rows = Suggestion.objects.visible_to(who).open().whose(whose, who)
        rows = rows.select_related("company", "adviser", "region").order_by("-weight", "pk")
        return (rows.filter(rule=rule) if rule else rows)[: 4 * limit]

    order = {rule.value: place for place, rule in enumerate(SuggestionRule)}
    rows = steady.rows(("suggestions", whose, rule, limit), user, heaviest)
    found = sorted(rows, key=lambda row: (order[row.rule], -row.weight, row.pk))
    return lines(found[:limit], user)


def suggestions_of(company: Any, user: User) -> list[Line]:
    """What is suggested about one company. One statement."""
    if not may_hold(company, Suggestion):
        return []
    return lines(steady.rows("suggestions of a company", user, _about_company, company.pk), user)


def _about_company(user: User, number: int) -> QuerySet[Suggestion]:
    return Suggestion.objects.visible_to(user).open().filter(company=number).select_related("company", "adviser")


@dataclass(frozen=True)
class Worth:
    """What became of the suggestions of one rule. `hits` of those decided were taken up; of these, `fruits` led to an
    exchange with the company within two months, as the reader may find it."""

    label: str
    rule: str
    made: int
    open: int
    followed: int
    dismissed: int
    lapsed: int
    fruits: int

    @property
    def hit_percent(self) -> int | None:
        decided = self.followed + self.dismissed
        return round(100 * self.followed / decided) if decided else None

    @property
    def fruit_percent(self) -> int | None:
        return round(100 * self.fruits / self.followed) if self.followed else None


def worth_of_rules(user: User) -> list[Worth]:
    """Measured on what people did with all suggestions that the reader may see. One statement."""
    after = Interaction.objects.visible_to(user).filter(
        company=OuterRef("company"),
        happened_at__gte=OuterRef("decided_at"),
        happened_at__lte=OuterRef("decided_at") + datetime.timedelta(days=60),
    )
    followed = Q(state=SuggestionState.FOLLOWED)
    rows = (
        Suggestion.objects.visible_to(user)
        .annotate(bore=Exists(after))
        .order_by()
        .values("rule")
        .annotate(
            made=Count("pk"),
            open=Count("pk", filter=Q(state=SuggestionState.OPEN)),
            followed=Count("pk", filter=followed),
            dismissed=Count("pk", filter=Q(state=SuggestionState.DISMISSED)),
            lapsed=Count("pk", filter=Q(state=SuggestionState.LAPSED)),
            fruits=Count("pk", filter=followed & Q(bore=True)),
        )
    )
    told = {row["rule"]: row for row in rows}
    empty = dict.fromkeys(("made", "open", "followed", "dismissed", "lapsed", "fruits"), 0)
    return [
        Worth(**({"label": str(rule.label), "rule": rule.value} | empty | told.get(rule.value, {}))) for rule in RULES
    ]
