"""What finds the company that is being described among a million: keys, and sealed ways to reach it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from pavillon.directory.models.companies import Company


class MatchRecord(models.Model):
    """The keys of one company as `matching` gives them, sealed to 64 bits each.

    `reach` holds what its people and channels add, sealed too: {"phones": […], "emails": […], "domains": […]};
    domains are no secret. A merged company keeps its record: whoever describes it by its former name finds the one
    that stands.
    One row a company with a GIN index takes two fifths of the place of one row a key with a b-tree (decision 0018).
    """

    company = models.OneToOneField(Company, primary_key=True, on_delete=models.CASCADE, related_name="+")
    keys = ArrayField(models.BigIntegerField())
    reach = models.JSONField(null=True)
    # Which rules made them (`queries.describing.KEYS_VERSION`).
    version = models.PositiveSmallIntegerField(db_default=1)
    indexed_at = models.DateTimeField()

    class Meta:
        verbose_name = "matching keys"
        verbose_name_plural = "matching keys"
        # Without a waiting list: a lookup while somebody types must not read what a bulk load left behind.
        indexes = [GinIndex(fields=["keys"], fastupdate=False, name="match_record_keys")]
