"""Groups: who owns whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.directory.enums import LinkKind
from pavillon.directory.models.companies import Company


class GroupLinkQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """A link is seen by who sees both ends."""
        seen = Company.objects.seen_by(user).values("pk")
        return self.filter(parent__in=seen, subsidiary__in=seen)

    def about(self, company):
        """Links that a company takes part in."""
        return self.filter(Q(parent=company) | Q(subsidiary=company))


class GroupLink(Dated):
    """Two companies of one group. `share` is the percentage that the parent holds."""

    parent = models.ForeignKey(
        "directory.Company", on_delete=models.CASCADE, related_name="held_links", verbose_name=_("parent company")
    )
    subsidiary = models.ForeignKey(
        "directory.Company", on_delete=models.CASCADE, related_name="holder_links", verbose_name=_("subsidiary")
    )
    kind = models.CharField(_("link"), max_length=8, choices=LinkKind, default=LinkKind.OWNS)
    share = models.DecimalField(_("share (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = GroupLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("group link")
        constraints = [
            models.UniqueConstraint(fields=["parent", "subsidiary"], name="group_link_once"),
            models.CheckConstraint(condition=~Q(parent=F("subsidiary")), name="company_does_not_own_itself"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=100), name="share_is_a_percentage"
            ),
        ]

    def __str__(self):
        return f"{self.parent} – {self.subsidiary}"
