"""By what rules requests find their person, and who is there to take them."""

import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.crm.enums import Destination, LeadKind, Origin, VersionState
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.crm.models.routing_versions import RoutingVersion
from pavillon.directory.enums import ExportClass


class RoutingRuleQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """As their version."""
        return self.filter(version__in=RoutingVersion.objects.seen_by(user))

    def in_force(self):
        """Active rules of the versions in force, in the order in which they are tried."""
        return self.filter(version__state=VersionState.IN_FORCE, is_active=True).in_order()

    def in_order(self):
        """Those asked before the referent first; then from the smallest number."""
        return self.order_by("-before_referent", "priority", "pk")


class RoutingRule(Dated):
    """“When a request is like this, it goes there.” Empty criteria accept everything; the first match wins."""

    version = models.ForeignKey(RoutingVersion, on_delete=models.CASCADE, related_name="rules", editable=False)
    name = models.CharField(_("name"), max_length=120)
    priority = models.PositiveSmallIntegerField(
        _("order"), default=100, help_text=_("Rules are tried from the smallest number.")
    )
    is_active = models.BooleanField(pgettext_lazy("rule", "active"), default=True)
    region = models.ForeignKey(
        "reference.Region",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("region"),
        related_name="+",
    )
    department = models.ForeignKey(
        "reference.Department",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("department"),
        related_name="+",
    )
    sector = models.ForeignKey(
        "reference.Sector",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("sector"),
        related_name="+",
    )
    country = models.ForeignKey(
        "reference.Country",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        verbose_name=_("country aimed at"),
        related_name="+",
    )
    kind = models.CharField(_("what is asked"), max_length=12, choices=LeadKind, blank=True)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, blank=True)
    export_class = models.CharField(_("export class"), max_length=14, choices=ExportClass, blank=True)
    before_referent = models.BooleanField(
        _("even when the company has a referent"),
        default=False,
        help_text=_("Such rules are tried first; the others only when there is no referent or he is away."),
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
            models.CheckConstraint(
                condition=Q(take_charge_hours__isnull=True) | Q(take_charge_hours__gte=1),
                name="rule_delay_is_at_least_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(goes_to="person", organisation__isnull=False, adviser__isnull=False, office__isnull=True)
                | Q(goes_to="team", organisation__isnull=False, adviser__isnull=True)
                | Q(goes_to="queue", organisation__isnull=False, adviser__isnull=True, office__isnull=True)
                | Q(goes_to="referent", organisation__isnull=True, adviser__isnull=True, office__isnull=True),
                name="rule_ends_somewhere",
            ),
        ]

    def __str__(self):
        return self.name

    def accepts(self, *, region_id, department_id, sector_id, country_id, kind, origin, export_class):
        """Whether a request with these values satisfies every criterion."""
        pairs = (
            (self.region_id, region_id),
            (self.department_id, department_id),
            (self.sector_id, sector_id),
            (self.country_id, country_id),
            (self.kind, kind),
            (self.origin, origin),
            (self.export_class, export_class),
        )
        return all(not wanted or wanted == found for wanted, found in pairs)

    @property
    def criteria(self):
        """The conditions as readable fragments, none when the rule accepts everything."""
        found = []
        if self.region_id:
            found.append(gettext("the region is %(name)s") % {"name": self.region})
        if self.department_id:
            found.append(gettext("the department is %(name)s") % {"name": self.department})
        if self.sector_id:
            found.append(gettext("the sector is %(name)s") % {"name": self.sector})
        if self.country_id:
            found.append(gettext("the country aimed at is %(name)s") % {"name": self.country})
        if self.kind:
            found.append(gettext("what is asked is “%(name)s”") % {"name": self.get_kind_display()})
        if self.origin:
            found.append(gettext("the origin is “%(name)s”") % {"name": self.get_origin_display()})
        if self.export_class:
            found.append(gettext("the company is “%(name)s”") % {"name": self.get_export_class_display()})
        if self.before_referent:
            found.append(gettext("even if the company has a referent"))
        return found

    @property
    def destination(self):
        """Where it sends, as a readable fragment."""
        if self.goes_to == Destination.REFERENT:
            goes = gettext("it goes to the company’s referent")
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


class LeadSettings(models.Model):
    """The few figures of request handling: one row, edited on a screen, locked while a request is routed."""

    take_charge_hours = models.PositiveSmallIntegerField(
        _("delay of take-charge (working hours)"),
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("Beyond it an untouched request escalates to the team's manager, then to the national team."),
    )
    opens_at = models.TimeField(_("the team works from"), default=datetime.time(9))
    closes_at = models.TimeField(_("until"), default=datetime.time(18))
    capacity = models.PositiveSmallIntegerField(
        _("open requests that an adviser can handle"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    diagnosis_path = models.CharField(
        _("page of the self-service diagnosis"),
        max_length=200,
        default="/{language}/diagnosis/",
        help_text=_("Shown first to companies that do not export yet. {language} is replaced."),
    )

    class Meta:
        verbose_name = _("settings of requests")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="lead_settings_are_one_row"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="team_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(take_charge_hours__gte=1, capacity__gte=1), name="lead_settings_are_positive"
            ),
        ]

    def __str__(self):
        return gettext("Settings of requests")


class Capacity(models.Model):
    """How many open requests one adviser can handle, when it differs from the general figure."""

    adviser = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lead_capacity")
    open_leads = models.PositiveSmallIntegerField(
        _("open requests"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )

    class Meta:
        verbose_name = _("capacity")
        constraints = [models.CheckConstraint(condition=Q(open_leads__gte=1), name="capacity_is_positive")]

    def __str__(self):
        return f"{self.adviser}: {self.open_leads}"


class AbsenceQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """One's own, and those of the people of one's organisation for its manager."""
        if user.has_role(Role.TEAM_MANAGER):
            return self.filter(person__in=User.objects.seen_by(user)).select_related("person")
        return self.filter(person=user).select_related("person") if user.role in LEAD_READERS else self.none()

    def covering(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Absence(models.Model):
    """Days on which a person receives no new request. Why is nobody's business here."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="lead_absences")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts"),
            ExclusionConstraint(
                name="absences_do_not_overlap",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (Func("starts_on", "ends_on", models.Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.person}: {date_format(self.starts_on)} – {date_format(self.ends_on)}"
