"""A list of people that somebody brought in a file."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models.organisations import Organisation
from pavillon.core.fields import EncryptedJSONField
from pavillon.core.models import Dated, VisibleQuerySet


class PeopleImportQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self.filter(by=user)


class PeopleImport(Dated):
    """States: rehearsed (the rows wait, nothing was done) → running → done (the rows are forgotten).

    `rows` is a list of {number, values, problems, effect}; effect is "create", "add_role", "none" or "refuse".
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(_("file"), max_length=200)
    rows = EncryptedJSONField(default=list)
    state = models.CharField(max_length=10, default="rehearsed")
    sends_letters = models.BooleanField(default=True)
    to_do = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    roles_added = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    objects = PeopleImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of people")

    @property
    def done(self):
        """Rows worked off so far."""
        return self.created + self.roles_added

    def rows_with(self, effect):
        return [row for row in self.rows if row["effect"] == effect]

    @property
    def to_create(self):
        return self.rows_with("create")

    @property
    def to_add(self):
        return self.rows_with("add_role")

    @property
    def unchanged(self):
        return self.rows_with("none")

    @property
    def problems(self):
        return self.rows_with("refuse")
