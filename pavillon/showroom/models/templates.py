"""What shops and sheets start from, written by the agency, version after version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.models import VisibleQuerySet
from pavillon.showroom.enums import TemplateKind
from pavillon.showroom.models.enquiries import AGENCY_MONITORS
from pavillon.showroom.outlines import Outline


class TemplateVersionQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """The agency's own people; sellers see what a template says in the forms that start from it."""
        return self if user.role in AGENCY_MONITORS else self.none()

    def newest(self, **wanted):
        """Of each template the version in force, the one of every vertical before those of one."""
        first = models.F("vertical").asc(nulls_first=True)
        return self.filter(**wanted).order_by("kind", "language", first, "-number").distinct(
            "kind", "language", "vertical"
        )  # fmt: skip


class TemplateVersion(models.Model):
    """What one kind of page starts from in one language, as it was written once; the newest version is in force.

    Without a vertical it holds for all of them. A version that is withdrawn says nothing: the words of every vertical
    hold again, or those of `outlines.py`. Versions are never changed: to undo is to write an earlier one again.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=TemplateKind)
    vertical = models.ForeignKey(
        "reference.Vertical", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("vertical")
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    number = models.PositiveIntegerField()
    line = models.CharField(_("one line"), max_length=140, blank=True)
    text = models.TextField(_("text"), blank=True)
    pictures = models.TextField(_("which pictures to take"), blank=True)
    is_withdrawn = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a template")
        ordering = ["kind", "language", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "vertical", "number"],
                nulls_distinct=False,
                name="template_version_once",
            ),
            models.CheckConstraint(
                condition=Q(vertical__isnull=True) | Q(kind__in=[TemplateKind.PRODUCT, TemplateKind.SERVICE]),
                name="only_sheets_have_templates_of_a_vertical",
            ),
            models.CheckConstraint(
                condition=Q(is_withdrawn=True, line="", text="", pictures="")
                | (Q(is_withdrawn=False) & ~Q(line="") & ~Q(text="")),
                name="template_version_says_something",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="template_versions_begin_at_one"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.language} · {self.number}"

    @property
    def outline(self):
        """Its words; None when it is withdrawn."""
        return None if self.is_withdrawn else Outline(self.line, self.text, self.pictures)
