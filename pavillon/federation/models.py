"""Sites of others where people sign in with their account of the platform."""

import hashlib
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import ALL_PEOPLE_ROLES
from pavillon.accounts.models import Organisation, User
from pavillon.core.models import Dated, VisibleQuerySet
from pavillon.federation.enums import Datum
from pavillon.privacy.models import Consent


class SiteQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.role in ALL_PEOPLE_ROLES else self.none()

    def open(self):
        return self.filter(is_enabled=True)

    def with_people_count(self):
        """How many people's agreement stands, as `people_count`."""
        standing = models.Q(accesses__consent__ended_at__isnull=True)
        return self.annotate(people_count=models.Count("accesses", filter=standing))


class Site(Dated):
    """A site of a regional council, or of another body, for which we are the identity provider (ledger IDN-10).

    What the protocol asks of it (identifier, digest of the secret, addresses, scopes) is mirrored in `client`, the row
    that the library reads; `actions` keep the two together.
    """

    client = models.OneToOneField("allauth_idp_oidc.Client", on_delete=models.CASCADE, editable=False)
    name = models.CharField(_("name"), max_length=100, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    address = models.URLField(_("address"), max_length=300)
    purpose_fr = models.CharField(_("why the data are asked, in French"), max_length=300)
    purpose_en = models.CharField(_("why the data are asked, in English"), max_length=300)
    data = ArrayField(models.CharField(max_length=20, choices=Datum), verbose_name=_("data"), default=list)
    redirect_uris = ArrayField(models.CharField(max_length=400), verbose_name=_("ways back after signing in"))
    leaving_uris = ArrayField(
        models.CharField(max_length=400), verbose_name=_("ways back after signing out"), default=list
    )
    # Told by a signed word when somebody signs out here (back-channel logout); "" for none.
    logout_uri = models.CharField(_("address told when somebody signs out here"), max_length=400, blank=True)
    is_confidential = models.BooleanField(_("keeps a secret"), default=True)
    is_enabled = models.BooleanField(_("on"), default=True)
    secret_renewed_at = models.DateTimeField(null=True, editable=False)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def purpose(self):
        return self.purpose_fr if (get_language() or "fr").startswith("fr") else self.purpose_en

    @property
    def scope(self):
        """How a consent names the site."""
        return f"site:{self.pk}"

    @property
    def terms(self):
        """A digest of who asks and why: another organisation or another purpose asks people again."""
        told = f"{self.name}|{self.organisation_id}|{self.purpose_fr}|{self.purpose_en}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @property
    def data_in_words(self):
        return [str(Datum(datum).label) for datum in self.data]


def new_subject():
    return uuid.uuid4().hex


class SiteAccessQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """Where somebody signs in is his own business."""
        return self.filter(user=user)

    def standing(self):
        return self.filter(consent__ended_at__isnull=True)


class SiteAccess(models.Model):
    """One person at one site: under which name the site knows him, what he agreed to and when he was there.

    `subject` is drawn for this site alone, so that two sites cannot tell that they see the same person.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="accesses")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=32, unique=True, default=new_subject, editable=False)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    data = ArrayField(models.CharField(max_length=20, choices=Datum), default=list)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(null=True)

    objects = SiteAccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access to a site")
        ordering = ["site__name"]
        constraints = [models.UniqueConstraint(fields=["site", "user"], name="one_access_per_site")]

    def __str__(self):
        return str(self.site)

    @property
    def data_in_words(self):
        return [str(Datum(datum).label) for datum in self.data]


class SiteSessionQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(ended_at=None)

    def told_of(self):
        """Ended ones whose site was to be told."""
        return self.exclude(ended_at=None).exclude(site__logout_uri="")


class SiteSession(models.Model):
    """A session of ours in which somebody signed in at a site: when it ends, the site is told.

    `sid` is how the site knows it. `session` is allauth's row, which goes when the session ends.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="sessions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey("usersessions.UserSession", null=True, on_delete=models.SET_NULL, related_name="+")
    sid = models.CharField(max_length=32, unique=True, default=new_subject, editable=False)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, db_index=True)
    told_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Why the site was not told at the last try, in its own words.
    failure = models.CharField(max_length=200, blank=True)

    objects = SiteSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session at a site")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "session"], condition=models.Q(ended_at=None), name="one_standing_session_per_site"
            )
        ]

    def __str__(self):
        return f"{self.site} {self.sid}"


class SigningKey(models.Model):
    """A key by which we sign who somebody is. The private half is sealed by the keys of the entrance."""

    sealed = models.TextField(editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    # The public half stays published until then, so that what was signed just before a renewal is still believed.
    ends_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("signing key")
        ordering = ["-made_at"]
