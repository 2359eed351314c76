"""By what rules requests find their person: what each one asks for, and where it sends."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, IntegerField, Prefetch, Q, When
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_noop, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.enums import Criterion, Destination, LeadKind, Origin, VersionState
from pavillon.crm.models.routing_versions import RoutingVersion
from pavillon.directory.enums import ExportClass

# Criteria whose values are rows of reference tables; those of the others are words.
PLACED = (Criterion.REGION, Criterion.DEPARTMENT, Criterion.SECTOR, Criterion.COUNTRY)
WORDS = {Criterion.KIND: LeadKind, Criterion.ORIGIN: Origin, Criterion.EXPORT_CLASS: ExportClass}
# What a rule that sends to no organisation in particular finds by itself.
FINDS_ITSELF = (Destination.REFERENT, Destination.REGION, Destination.MANAGER, Destination.HOME)


class RoutingRuleQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """As their version."""
        return self.filter(version__in=RoutingVersion.objects.seen_by(user))

    def in_force(self):
        """Active rules of the versions in force, in the order in which they are tried."""
        return self.filter(version__state=VersionState.IN_FORCE, is_active=True).in_order()

    def in_order(self):
        """Those asked before the referent, the others, those of last resort; within each from the smallest number.

        In the last resort a region's rules come before the country's, and the queue that is always there comes last.
        """
        stage = Case(
            When(before_referent=True, then=0),
            When(goes_to=Destination.HOME, then=4),
            When(is_last_resort=True, version__region__isnull=True, then=3),
            When(is_last_resort=True, then=2),
            default=1,
            output_field=IntegerField(),
        )
        return self.order_by(stage, "priority", "pk")

    def with_words(self):
        """With all that the sentence of a rule names; two statements."""
        named = RuleValue.objects.select_related(*(one.value for one in PLACED)).order_by("pk")
        return self.select_related("version__region", "organisation", "adviser", "office").prefetch_related(
            Prefetch("asked_values", named)
        )


class RoutingRule(Dated):
    """“When a request is like this, it goes there.” Criteria without values accept everything; the first match wins.

    before_referent → the referent → the others → is_last_resort. A version of the whole country ends with a rule that
    goes to HOME: it accepts everything and always finds a queue, so that no request gets lost (a trigger holds it).
    """

    version = models.ForeignKey(RoutingVersion, on_delete=models.CASCADE, related_name="rules", editable=False)
    name = models.CharField(_("name"), max_length=120)
    priority = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Rules are tried from the smallest number.")
    )
    is_active = models.BooleanField(pgettext_lazy("rule", "active"), default=True)
    before_referent = models.BooleanField(
        _("even when the company has a referent"),
        default=False,
        help_text=_("Such rules are tried first; the others only when there is no referent or he is away."),
    )
    is_last_resort = models.BooleanField(
        _("only as a last resort"),
        default=False,
        help_text=_("Tried when no other rule found anybody; a region’s before the country’s."),
    )
    goes_to = models.CharField(_("goes to"), max_length=8, choices=Destination, default=Destination.TEAM)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("organisation"),
        related_name="+",
    )
    adviser = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("person"),
        related_name="+",
    )
    office = models.ForeignKey(
        "accounts.Office",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("office"),
        related_name="+",
        help_text=_("Only the people of the team who work there."),
    )
    load_below = models.PositiveSmallIntegerField(
        _("only people whose workload is below (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
        help_text=_("Open requests in per cent of the capacity. When nobody is below, the next rule is tried."),
    )
    take_charge_hours = models.PositiveSmallIntegerField(
        _("delay of take-charge (working hours)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("Empty: the general delay."),
    )

    objects = RoutingRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ["priority", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="routing_rule_name"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(goes_to="home"), name="one_queue_always_there_per_version"
            ),
            models.CheckConstraint(
                condition=Q(take_charge_hours__isnull=True) | Q(take_charge_hours__gte=1),
                name="rule_delay_is_at_least_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(goes_to="person", organisation__isnull=False, adviser__isnull=False, office__isnull=True)
                | Q(goes_to="team", organisation__isnull=False, adviser__isnull=True)
                | Q(goes_to="queue", organisation__isnull=False, adviser__isnull=True, office__isnull=True)
                | Q(
                    goes_to__in=["referent", "region", "manager", "home"],
                    organisation__isnull=True,
                    adviser__isnull=True,
                    office__isnull=True,
                ),
                name="rule_ends_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(before_referent=False) | Q(is_last_resort=False), name="rule_is_tried_first_or_last"
            ),
            models.CheckConstraint(
                condition=~Q(goes_to="home") | Q(is_last_resort=True, is_active=True, load_below__isnull=True),
                name="queue_always_there_asks_nothing",
            ),
        ]

    def __str__(self):
        return self.name

    @cached_property
    def asked(self):
        """{criterion: (whether its values are refused, their keys)}; none for what accepts everything."""
        found: dict[str, tuple[bool, set[str]]] = {}
        for value in self.asked_values.all() if self.pk else ():
            found.setdefault(value.criterion, (value.is_refused, set()))[1].add(value.key)
        return found

    def accepts(self, request: Mapping[str, str | None]) -> bool:
        """Whether a request with these values, by criterion, satisfies every criterion.

        What is not known of a request is one of no values, and other than any.
        """
        return all(
            (request[criterion] in keys) is not is_refused for criterion, (is_refused, keys) in self.asked.items()
        )

    @property
    def criteria(self):
        """The conditions as readable fragments, none when the rule accepts everything."""
        names: dict[str, list[str]] = {}
        for value in self.asked_values.all() if self.pk else ():
            names.setdefault(value.criterion, []).append(value.label)
        found = [
            gettext(SAID[criterion][self.asked[criterion][0]]) % {"name": _either(names[criterion])}
            for criterion in Criterion.values
            if criterion in names
        ]
        if self.before_referent:
            found.append(gettext("even if the company has a referent"))
        return found

    @property
    def destination(self):
        """Where it sends, as a readable fragment."""
        if self.goes_to == Destination.REFERENT:
            goes = gettext("it goes to the company’s referent")
        elif self.goes_to == Destination.REGION:
            goes = gettext("it goes to the adviser of its region who has the lightest load")
        elif self.goes_to == Destination.MANAGER:
            goes = gettext("it goes to a manager of the chamber of its region, who is told why")
        elif self.goes_to == Destination.HOME:
            goes = gettext(
                "it waits in the queue of the chamber of its region, else of the agency, whose managers are told"
            )
        elif self.goes_to == Destination.PERSON:
            goes = gettext("it goes to %(adviser)s, %(team)s")
        elif self.goes_to == Destination.QUEUE:
            goes = gettext("it waits in the queue of %(team)s")
        elif self.office_id:
            goes = gettext("it goes to whoever of %(team)s has the lightest load at %(office)s")
        else:
            goes = gettext("it goes to whoever of %(team)s has the lightest load")
        return goes % {"team": self.organisation, "adviser": self.adviser, "office": self.office}

    @property
    def sentence(self):
        """The whole rule in one sentence."""
        goes = self.destination
        if self.load_below:
            goes = gettext("%(goes)s, below %(percent)s%% of the capacity") % {"goes": goes, "percent": self.load_below}
        if self.take_charge_hours:
            goes = gettext("%(goes)s, within %(hours)s working hours") % {"goes": goes, "hours": self.take_charge_hours}
        when = gettext(" and ").join(self.criteria)
        if not when:
            return gettext("For every request, %(goes)s.") % {"goes": goes}
        return gettext("When %(when)s, %(goes)s.") % {"when": when, "goes": goes}

    @property
    def is_always_there(self):
        """The queue in which a request ends when nobody else is found."""
        return self.goes_to == Destination.HOME


# By criterion: what it says when it asks for its values, and when it refuses them.
SAID = {
    Criterion.REGION: (gettext_noop("the region is %(name)s"), gettext_noop("the region is other than %(name)s")),
    Criterion.DEPARTMENT: (
        gettext_noop("the department is %(name)s"),
        gettext_noop("the department is other than %(name)s"),
    ),
    Criterion.SECTOR: (gettext_noop("the sector is %(name)s"), gettext_noop("the sector is other than %(name)s")),
    Criterion.COUNTRY: (
        gettext_noop("the country aimed at is %(name)s"),
        gettext_noop("the country aimed at is other than %(name)s"),
    ),
    Criterion.KIND: (
        gettext_noop("what is asked is %(name)s"),
        gettext_noop("what is asked is other than %(name)s"),
    ),
    Criterion.ORIGIN: (gettext_noop("the origin is %(name)s"), gettext_noop("the origin is other than %(name)s")),
    Criterion.EXPORT_CLASS: (
        gettext_noop("the company is %(name)s"),
        gettext_noop("the company is other than %(name)s"),
    ),
}


def _either(names):
    """“A”, “A or B”, “A, B or C”."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(first)s or %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def _of(criterion, **holds):
    """A value of this criterion stands in its own column, the others being empty."""
    empty = {f"{one.value}__isnull": True for one in PLACED if one != criterion}
    if criterion in WORDS:
        return Q(criterion=criterion, word__in=WORDS[criterion].values, **empty)
    return Q(criterion=criterion, word="", **{f"{criterion.value}__isnull": False}, **empty)


class RuleValue(models.Model):
    """One of the values for which a rule asks, or which it refuses: “the country is Japan or Korea”."""

    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="asked_values")
    criterion = models.CharField(max_length=12, choices=Criterion)
    is_refused = models.BooleanField(default=False)
    region = models.ForeignKey("reference.Region", null=True, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("reference.Department", null=True, on_delete=models.PROTECT, related_name="+")
    sector = models.ForeignKey("reference.Sector", null=True, on_delete=models.PROTECT, related_name="+")
    country = models.ForeignKey("reference.Country", null=True, on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=14, blank=True)

    class Meta:
        verbose_name = _("value that a routing rule asks for")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "criterion", "region", "department", "sector", "country", "word"],
                name="rule_asks_once_for_a_value",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=_of(Criterion.REGION)
                | _of(Criterion.DEPARTMENT)
                | _of(Criterion.SECTOR)
                | _of(Criterion.COUNTRY)
                | _of(Criterion.KIND)
                | _of(Criterion.ORIGIN)
                | _of(Criterion.EXPORT_CLASS),
                name="rule_value_is_of_its_criterion",
            ),
            ExclusionConstraint(
                name="criterion_asks_or_refuses",
                expressions=[
                    ("rule", RangeOperators.EQUAL),
                    ("criterion", RangeOperators.EQUAL),
                    (Cast(F("is_refused"), IntegerField()), RangeOperators.NOT_EQUAL),
                ],
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def key(self):
        """As a request says it: "53", "agri", "JP", "financing"."""
        return self.word or getattr(self, f"{self.criterion}_id")

    @property
    def label(self):
        """As a reader says it; words between quotation marks."""
        if self.criterion in WORDS:
            return gettext("“%(name)s”") % {"name": WORDS[Criterion(self.criterion)](self.word).label}
        return str(getattr(self, self.criterion))
