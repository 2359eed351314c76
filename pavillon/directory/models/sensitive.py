"""Companies whose file is restricted for reasons of economic intelligence (ledger SEC-16)."""

from django.conf import settings
from django.db import models
from django.db.models import Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Organisation

# They keep the list of sensitive companies: a company must never be without somebody who may open it.
OVERSEERS = frozenset({Role.SECURITY_OFFICER})


def is_private_partner(user):
    """Whether a person acts for a private partner: never an audience of a sensitive company."""
    return user.role == Role.PRIVATE_PARTNER or bool(user.organisation and user.organisation.kind == Kind.PARTNER)


class NotClosedTo(Func):
    """True of a row whose company is no sensitive one that this person must not see: `NotClosedTo("company", u)`.

    Written in SQL, as `SensitiveMark.objects.closed_to` says it: every list of every room asks, and the ORM took longer
    to put three nested questions together than PostgreSQL to answer them.
    """

    output_field = models.BooleanField()
    conditional = True

    def __init__(self, column, user, *, audience=None):
        super().__init__(column)
        self.audience = audience or _audience(user)

    def as_sql(self, compiler, connection, *_told, **_extra):
        opened, told = self.audience
        column, params = compiler.compile(self.get_source_expressions()[0])
        sql = (  # the columns are ours, the values are parameters
            f"NOT ({column} IN (SELECT mark.company_id FROM directory_sensitivemark AS mark"  # noqa: S608
            f" WHERE mark.lifted_at IS NULL AND NOT ({opened})) AND {column} IS NOT NULL)"
        )
        return sql, (*params, *told, *params)

    def __repr__(self):
        return f"NotClosedTo{self.audience[1]}"


def _audience(user):
    """Which marks are open to somebody, as a condition on `mark`, and its values."""
    if is_private_partner(user):
        return "false", ()
    if user.role in OVERSEERS:
        return "true", ()
    readers = "SELECT reader.mark_id FROM directory_sensitivereader AS reader WHERE reader.user_id = %s"
    if user.organisation is None:
        return f"mark.id IN ({readers})", (user.pk,)
    return f"mark.id IN ({readers} OR reader.organisation_id = %s)", (user.pk, user.organisation.pk)


class SensitiveMarkQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(lifted_at__isnull=True)

    def open_to(self, user):
        """The marks whose audience this person belongs to."""
        if is_private_partner(user):
            return self.none()
        if user.role in OVERSEERS:
            return self.standing()
        readers = SensitiveReader.objects.filter(Q(user=user.pk) | Q(organisation=user.organisation))
        return self.standing().filter(pk__in=readers.values("mark"))

    def closed_to(self, user):
        """The marks of companies that this person must not see."""
        return self.standing().exclude(pk__in=self.open_to(user).values("pk"))


# {table of another room: the path by which its rows stand behind a company, where no column of theirs names it}.
ways_to_companies: dict[type[models.Model], str] = {}


def stands_behind(model, path):
    """Rows of `model` tell of the company at the end of `path`: where that one is sensitive they leave in no file."""
    ways_to_companies[model] = path


class SensitiveMark(models.Model):
    """A company is sensitive: why, since when, and which service of the state is the contact point.

    standing (lifted_at empty) → lifted.
    """

    company = models.ForeignKey("directory.Company", on_delete=models.CASCADE, related_name="sensitive_marks")
    reason = models.CharField(_("reason"), max_length=300)
    state_service = models.CharField(_("state service"), max_length=160)
    state_contact = models.CharField(_("contact point"), max_length=160)
    flagged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    flagged_at = models.DateTimeField(default=timezone.now)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = SensitiveMarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("sensitive mark")
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(lifted_at__isnull=True), name="company_sensitive_once"
            )
        ]

    def __str__(self):
        return self.reason


class SensitiveReader(models.Model):
    """A person or an organisation of the audience of a sensitive company."""

    mark = models.ForeignKey(SensitiveMark, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("reader of a sensitive company")
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation__isnull=True)
                | Q(user__isnull=True, organisation__isnull=False),
                name="sensitive_reader_is_one",
            ),
            models.UniqueConstraint(
                fields=["mark", "user", "organisation"], name="sensitive_reader_once", nulls_distinct=False
            ),
        ]

    def __str__(self):
        return str(self.user or self.organisation)
