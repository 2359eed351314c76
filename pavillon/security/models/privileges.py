"""Role × object × field: the cells of the privilege matrix."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.core.policy import WHOLE, Level
from pavillon.reference.models import Region

LEVELS = [
    (Level.WRITE.value, pgettext_lazy("privilege", "write")),
    (Level.READ.value, pgettext_lazy("privilege", "read")),
    (Level.FORBIDDEN.value, pgettext_lazy("privilege", "forbidden")),
]


class PolicyCellQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        if user.has_role(Role.SECURITY_OFFICER, Role.PLATFORM_ADMIN, Role.DATA_PROTECTION_OFFICER):
            return self
        return self.none()

    def of_scope(self, *, organisation=None, region=None, for_owner=False):
        """Only the cells written for exactly this scope; without arguments, those for everyone."""
        return self.filter(organisation=organisation, region=region, for_owner=for_owner)


class PolicyCell(Dated):
    """How far one role may go with one object or field. No cell means: write.

    A cell for one organisation beats one for its region, which beats the one for everyone; on the records that
    somebody owns himself (`core.policy.governs` says which), the cell for owners beats them all.
    """

    role = models.CharField(_("role"), max_length=30, choices=Role)
    # The model's label in lower case ("directory.company"), as `core.policy` asks for it.
    model = models.CharField(_("object"), max_length=60)
    field = models.CharField(_("field"), max_length=60, default=WHOLE)
    level = models.PositiveSmallIntegerField(_("level"), choices=LEVELS)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("organisation")
    )
    region = models.ForeignKey(
        Region, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("region")
    )

    for_owner = models.BooleanField(_("on one's own records only"), default=False)

    objects = PolicyCellQuerySet.as_manager()

    class Meta:
        verbose_name = _("privilege")
        constraints = [
            models.UniqueConstraint(
                fields=["role", "model", "field", "organisation", "region", "for_owner"],
                nulls_distinct=False,
                name="one_cell_per_scope",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, region__isnull=True)
                | Q(organisation__isnull=False, region__isnull=True, for_owner=False)
                | Q(organisation__isnull=True, region__isnull=False, for_owner=False),
                name="cell_has_one_scope",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} · {self.model}.{self.field}: {self.get_level_display()}"
