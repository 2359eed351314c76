"""The index of the showroom's search. Written in the transaction of the action that changes a sheet or a shop."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchEntry(models.Model):
    """One thing that can be found: a product, a service, or a company (its shop).

    The table is partitioned by `tier` (1 best, 3 last): a search that stops after N candidates then stops after
    the N best ones. Django does not know partitions, so the table is made by SQL in the migration and written by
    `actions/search_index.py`. See docs/decisions/0011-showroom-search.md.
    """

    pk = models.CompositePrimaryKey("tier", "kind", "subject_id")
    tier = models.SmallIntegerField()
    kind = models.CharField(max_length=8)
    # Number of the product or service, or of the shop for a company.
    subject_id = models.BigIntegerField()
    shop_id = models.BigIntegerField()
    quality = models.SmallIntegerField()
    verticals = ArrayField(models.CharField(max_length=50))
    conditions = ArrayField(models.CharField(max_length=8))
    certifications = ArrayField(models.CharField(max_length=20))
    region_id = models.CharField(max_length=3)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    published_at = models.DateTimeField()
    document = SearchVectorField()
    words = ArrayField(models.TextField())

    class Meta:
        managed = False
        db_table = "showroom_searchentry"


class SearchWord(models.Model):
    """A word that stands in at least one entry, without accents, and in how many: for typing errors and prefixes."""

    word = models.CharField(primary_key=True, max_length=40)
    entries = models.IntegerField()

    class Meta:
        managed = False
        db_table = "showroom_searchword"
