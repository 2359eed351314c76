"""Documents of missions: what is expected in writing, the partner's report, what proves it."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.fields import EncryptedTextField
from pavillon.core.models import VisibleQuerySet
from pavillon.crm.enums import MissionPaper
from pavillon.crm.models.missions import Mission


class MissionFileQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """As their mission."""
        return self.filter(mission__in=Mission.objects.seen_by(user).order_by())

    def reports(self):
        return self.filter(kind=MissionPaper.REPORT)

    def kept(self):
        """Those that were not emptied."""
        return self.exclude(file="")


class MissionFile(models.Model):
    """A document of a mission, sealed on the disk; the name is sealed too. Emptied, its line says that it came."""

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(_("what it is"), max_length=8, choices=MissionPaper)
    name = EncryptedTextField(_("name"))
    size = models.PositiveIntegerField(_("size"), validators=[MinValueValidator(1)])
    file = models.FileField(_("file"), upload_to="missions/%Y/%m/")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = MissionFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("document of a mission")
        verbose_name_plural = _("documents of missions")
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=MissionPaper.values), name="mission_file_has_a_kind")
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("crm:read_mission_file", args=[self.pk])

    @property
    def is_report(self):
        return self.kind == MissionPaper.REPORT

    @property
    def added_on(self):
        """The day on which it came, by the house's clock wherever it is read."""
        return timezone.localdate(self.added_at, timezone.get_default_timezone())

    @property
    def days_late(self):
        """Days after the deadline; 0 for what came in time."""
        return max(0, (self.added_on - self.mission.due_on).days)
