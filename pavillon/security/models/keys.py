"""Wrapped data keys, how often they were used, what their holders decide, and the shares of the recovery secret."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.core.fields import EncryptedTextField
from pavillon.core.models import VisibleQuerySet
from pavillon.security.enums import HELD, Purpose, Source, Stage, Step

# They hold the keys; the security officer follows what they do.
KEY_HOLDERS = (Role.KEY_HOLDER,)
KEY_READERS = (*KEY_HOLDERS, Role.SECURITY_OFFICER)
PROPOSAL_HOURS = 24


class DataKeyQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role(*KEY_READERS) else self.none()

    def in_use(self):
        """The last generation of each purpose, by purpose."""
        newest = self.order_by("purpose", "-generation").distinct("purpose")
        return {Purpose(key.purpose): key for key in newest}


class RecoverySetQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role(*KEY_READERS) else self.none()

    def in_force(self):
        return self.order_by("-pk").first()


class RecoverySet(models.Model):
    """A recovery secret in `shares` shares, `threshold` of which rebuild it. The last set is the one in force.

    Only its public half is stored: each new generation of a data key is also sealed for it (`DataKey.recovery`), and
    only the holders' shares together open that.
    """

    public_key = models.TextField()
    threshold = models.PositiveSmallIntegerField(_("shares needed"))
    shares = models.PositiveSmallIntegerField(_("shares"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = RecoverySetQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery secret")
        constraints = [
            models.CheckConstraint(condition=Q(threshold__gte=2, threshold__lte=F("shares")), name="shares_can_rebuild")
        ]

    def __str__(self):
        return f"{self.threshold}/{self.shares}"


class RecoveryShareQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        """A key-holder's own; nobody reads another one's share."""
        return self.filter(holder=user) if user.has_role(*KEY_HOLDERS) else self.none()


class RecoveryShare(models.Model):
    """One holder's share, sealed until he prints it, then gone from here for good."""

    recovery_set = models.ForeignKey(RecoverySet, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField(_("number"))
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(blank=True)
    collected_at = models.DateTimeField(_("collected"), null=True)

    objects = RecoveryShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("share of the recovery secret")
        constraints = [
            models.UniqueConstraint(fields=["recovery_set", "number"], name="one_share_per_number"),
            models.UniqueConstraint(fields=["recovery_set", "holder"], name="one_share_per_holder"),
            models.CheckConstraint(
                condition=Q(collected_at__isnull=True) | Q(words=""), name="collected_share_is_gone"
            ),
        ]

    def __str__(self):
        return f"{self.number}/{self.recovery_set.shares}"


class DataKey(models.Model):
    """A wrapped keyset: useless without the master key. The last generation of a purpose holds all earlier keys."""

    purpose = models.CharField(_("used for"), max_length=10, choices=Purpose)
    generation = models.PositiveIntegerField(_("generation"))
    # Empty once revoked.
    wrapped = models.BinaryField()
    source = models.CharField(_("wrapped by"), max_length=10, choices=Source, default=Source.FILE)
    # The same keyset for the recovery secret that was in force then.
    recovery = models.BinaryField(null=True)
    recovery_set = models.ForeignKey(RecoverySet, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    # When the trail was told: a key may be made where nothing can be recorded yet.
    told_at = models.DateTimeField(null=True)

    objects = DataKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("data key")
        constraints = [models.UniqueConstraint(fields=["purpose", "generation"], name="one_keyset_per_generation")]

    def __str__(self):
        return f"{self.get_purpose_display()} {self.generation}"

    @property
    def is_held(self):
        return self.purpose in HELD


class KeyUse(models.Model):
    """What one hour saw of a data key: how often processes had it opened, and how often it was used."""

    purpose = models.CharField(max_length=10, choices=Purpose)
    hour = models.DateTimeField()
    opened = models.PositiveIntegerField(default=0)
    used = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("use of a data key")
        constraints = [models.UniqueConstraint(fields=["purpose", "hour"], name="one_count_per_hour")]


class KeyWatch(models.Model):
    """What the last look at a source of keys said; one row a source."""

    source = models.CharField(max_length=10, choices=Source, unique=True)
    answers = models.BooleanField()
    problem = models.TextField(blank=True)
    version = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("watch over a key source")


class KeyProposalQuerySet(VisibleQuerySet):
    def seen_by(self, user):
        return self if user.has_role(*KEY_READERS) else self.none()

    def waiting(self):
        late = timezone.now() - timedelta(hours=PROPOSAL_HOURS)
        return self.filter(stage=Stage.WAITING, asked_at__gte=late)


class KeyProposal(models.Model):
    """What one key-holder proposes and another confirms, within a day."""

    step = models.CharField(_("what"), max_length=10, choices=Step)
    reason = models.CharField(_("reason"), max_length=200)
    # For a split: {"threshold": 2, "holders": [user ids]}
    details = models.JSONField(default=dict)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = KeyProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of a key-holder")
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage=Stage.DONE) | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="two_holders_decide",
            ),
            models.UniqueConstraint(
                fields=["step"], condition=Q(stage=Stage.WAITING), name="one_waiting_proposal_per_step"
            ),
        ]

    def __str__(self):
        return self.get_step_display()


class RecordKey(models.Model):
    """The wrapped key under which the logs keep what is personal about one record; destroyed when it is erased."""

    subject = models.CharField(_("record"), max_length=100, primary_key=True)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("key of a record")

    def __str__(self):
        return self.subject
