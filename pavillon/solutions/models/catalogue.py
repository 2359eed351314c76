"""Who helps companies to export, and with what."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.reference.models import Country, Named, Region
from pavillon.solutions.enums import Cost, Line, Need, ProviderFamily, SolutionState, Stage
from pavillon.solutions.words import in_language

APPROVERS = frozenset({Role.SHOWROOM_MANAGER, Role.PLATFORM_ADMIN})
PROPOSERS = frozenset({Role.REGION_OFFICIAL, Role.PRIVATE_PARTNER, Role.EDITOR}) | APPROVERS


class Provider(Named):
    """A body that offers solutions, public or private."""

    slug = models.SlugField(primary_key=True)
    family = models.CharField(_("family"), max_length=10, choices=ProviderFamily)
    is_public = models.BooleanField(_("public body"), default=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    about_fr = models.TextField()
    about_en = models.TextField()
    order = models.PositiveSmallIntegerField(default=0)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = _("provider")
        ordering = ["order", "name_fr"]

    @property
    def about(self):
        return in_language(self, "about")


class SolutionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Approvers see all; a proposer sees its organisation's; anybody sees what is published."""
        if user.has_role(*APPROVERS):
            return self
        mine = Q(organisation=user.organisation) if user.organisation and user.is_team else Q(pk__in=[])
        return self.filter(mine | Q(state=SolutionState.PUBLISHED))

    def published(self):
        return self.filter(state=SolutionState.PUBLISHED)

    def for_region(self, region):
        """National ones and those of that region."""
        return self.filter(Q(regions__isnull=True) | Q(regions=region)).distinct()


class Solution(Dated):
    """One offer of one provider.

    | state | who sees it | next |
    |---|---|---|
    | draft | its organisation | submitted |
    | submitted | its organisation, approvers | published, refused |
    | published | everybody | withdrawn |
    | refused | its organisation, approvers | submitted again |
    | withdrawn | its organisation, approvers | submitted again |

    The database refuses a private offer that is published without the name of the person who approved it.
    No country, line or region means all of them.
    """

    slug = models.SlugField(max_length=80, unique=True)
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="solutions", verbose_name=_("provider")
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    title_fr = models.CharField(_("title in French"), max_length=140)
    title_en = models.CharField(_("title in English"), max_length=140)
    summary_fr = models.CharField(_("in one sentence, in French"), max_length=300)
    summary_en = models.CharField(_("in one sentence, in English"), max_length=300)
    body_fr = models.TextField(_("description in French"))
    body_en = models.TextField(_("description in English"))
    conditions_fr = models.TextField(_("conditions in French"), blank=True)
    conditions_en = models.TextField(_("conditions in English"), blank=True)
    need = models.CharField(_("need"), max_length=12, choices=Need)
    stages = ArrayField(models.CharField(max_length=8, choices=Stage), verbose_name=_("stages"), default=list)
    cost = models.CharField(_("cost"), max_length=10, choices=Cost)
    countries = models.ManyToManyField(Country, blank=True, related_name="+", verbose_name=_("countries"))
    lines = ArrayField(
        models.CharField(max_length=10, choices=Line), default=list, blank=True, verbose_name=_("business lines")
    )
    regions = models.ManyToManyField(Region, blank=True, related_name="+", verbose_name=_("regions"))
    state = models.CharField(_("state"), max_length=10, choices=SolutionState, default=SolutionState.DRAFT)
    needs_approval = models.BooleanField(default=False, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    decision_note = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = SolutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("solution")
        ordering = ["title_fr"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=SolutionState.PUBLISHED) | Q(published_at__isnull=False),
                name="published_solution_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=SolutionState.PUBLISHED) | Q(needs_approval=False) | Q(approved_by__isnull=False),
                name="private_solution_is_approved",
            ),
        ]
        indexes = [models.Index(fields=["state", "need"], name="solution_by_need")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("solutions:read_solution", args=[self.slug])

    @property
    def title(self):
        return in_language(self, "title")

    @property
    def summary(self):
        return in_language(self, "summary")

    @property
    def body(self):
        return in_language(self, "body")

    @property
    def conditions(self):
        return in_language(self, "conditions")

    @property
    def stage_names(self):
        return [Stage(stage).label for stage in self.stages]

    @property
    def line_names(self):
        return [Line(line).label for line in self.lines]

    @property
    def is_published(self):
        return self.state == SolutionState.PUBLISHED

    @property
    def is_waiting(self):
        return self.state == SolutionState.SUBMITTED
