"""How far each log has left the machine."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LogShipment(models.Model):
    """Up to which sealed line a collector took one log. Another collector begins with the first line."""

    log = models.CharField(max_length=60)
    place = models.CharField(max_length=200)
    sequence = models.BigIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # Since when, how often in a row and why it did not take the next line; nothing while it does.
    failing_since = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("log sent to a collector")
        constraints = [models.UniqueConstraint(fields=["log", "place"], name="one_position_per_collector")]

    def __str__(self):
        return f"{self.log} {self.place} {self.sequence}"
