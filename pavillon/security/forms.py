"""What auditors ask and what officers change."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from keyservice.shares import MOST_SHARES
from pavillon.accounts.enums import PARTNER_KINDS, Role
from pavillon.accounts.models import Organisation, User
from pavillon.core.policy import Level, governed, may_hide
from pavillon.reference.models import Region
from pavillon.security.actions import NothingToRebuildFrom, NotRevoked
from pavillon.security.enums import Step
from pavillon.security.queries import Scope, changed_fields, governed_labels, key_holders


class FindRecordForm(forms.Form):
    """A record by its name or reference."""

    q = forms.CharField(
        label=_("Name or reference"),
        required=False,
        help_text=_("A name, a SIREN, a number, or a reference such as directory.company:12."),
    )
    kind = forms.ChoiceField(label=_("Kind of record"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All kinds")), *governed_labels()]


class AuditForm(forms.Form):
    """Which lines of the logs: by whom, when, of which kind."""

    person = forms.CharField(label=_("Person"), required=False)
    since = forms.DateField(
        label=pgettext_lazy("period", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("period", "Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Reads and changes")), ("read", _("Reads only")), ("changed", _("Changes only"))],
    )
    field = forms.ChoiceField(label=_("Changed field"), required=False)
    before = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, model="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [("", _("Any field")), *changed_fields(model)]
        if not model:
            del self.fields["field"]

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("“Until” is before “From”: choose a later day."))
        return self.cleaned_data

    def for_one_person(self):
        """Without the question whose answer is known."""
        del self.fields["person"]
        return self

    def criteria(self):
        """The arguments of `queries.audited_lines`; days are whole days of the reader's time zone."""
        answers = self.cleaned_data if self.is_valid() else {}
        until = answers.get("until")
        ends = _midnight(until + timedelta(days=1)) if until else None
        criteria = {
            "since": _midnight(answers["since"]) if answers.get("since") else None,
            "until": min(filter(None, [ends, answers.get("before")]), default=None),
            "kind": answers.get("kind", ""),
            "field": answers.get("field", ""),
        }
        if answers.get("person"):
            criteria["people"] = list(User.objects.matching(answers["person"]).values_list("pk", flat=True)[:200])
        return criteria


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))


class ScopeForm(forms.Form):
    """For whom the matrix is shown and written."""

    scope = forms.ChoiceField(label=_("For whom"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices])
    object = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        regions = [(f"region-{region.pk}", str(region)) for region in Region.objects.inhabited()]
        partners = Organisation.objects.filter(kind__in=PARTNER_KINDS)
        organisations = [(f"organisation-{organisation.pk}", str(organisation)) for organisation in partners]
        self.fields["scope"].choices = [
            ("", _("Everyone")),
            ("owner", _("Each on his own records")),
            (_("One region"), regions),
            (_("One organisation"), organisations),
        ]

    def chosen_scope(self):
        """The scope that was asked for; everyone when it is unknown."""
        if not self.is_bound:
            return Scope()
        self.full_clean()
        kind, _dash, key = self.cleaned_data.get("scope", "").partition("-")
        if kind == "organisation":
            return Scope(organisation=Organisation.objects.select_related("region").get(pk=key))
        if kind == "owner":
            return Scope(for_owner=True)
        return Scope(region=Region.objects.get(pk=key)) if kind == "region" else Scope()


@dataclass(frozen=True)
class CellChange:
    """One cell that somebody wants otherwise; `old` is what he saw, None stands for no cell."""

    role: Role
    model: str
    field: str
    old: Level | None
    new: Level | None

    @property
    def key(self):
        return f"{self.role}|{self.model}|{self.field}"


class ChangePolicyForm(forms.Form):
    """Cells of the matrix, each "role|object|field|old level|new level", and why they change."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Kept in the log with every change."),
        error_messages={"required": _("Say why: the reason is kept with the change.")},
    )
    cell = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cell"].valid_value = lambda value: _parsed(value) is not None

    def changes(self, only=""):
        """The cells whose new level differs from the one seen; with `only`, that cell alone."""
        parsed = (_parsed(value) for value in self.cleaned_data["cell"])
        return [each for each in parsed if each and each.old != each.new and only in ("", each.key)]


LEVELS = {"": None, **{str(level.value): level for level in Level}}


def _parsed(value):
    role, model, field, old, new = (value.split("|") + [""] * 5)[:5]
    fields = {m._meta.label_lower: ("*", *names) for m, names in governed().items()}.get(model, ())
    if value.count("|") != 4 or role not in Role.values or field not in fields or not {old, new} <= set(LEVELS):
        return None
    if LEVELS[new] is Level.FORBIDDEN and not may_hide(model, field):
        return None
    return CellChange(Role(role), model, field, LEVELS[old], LEVELS[new])


class PreviewPolicyForm(forms.Form):
    """Through whose eyes."""

    q = forms.CharField(label=_("Person"), required=False, help_text=_("A name or an e-mail address."))


class KeyReasonForm(forms.Form):
    """Why now: kept in the log."""

    reason = forms.CharField(label=_("Why"), max_length=200)

    def details(self):
        return {}


class SplitForm(KeyReasonForm):
    """Who gets a share of the new recovery secret, and how many of them rebuild it."""

    threshold = forms.IntegerField(label=_("Shares needed to rebuild"), min_value=2, max_value=MOST_SHARES, initial=2)
    holders = forms.MultipleChoiceField(label=_("Holders of a share"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["holders"].choices = [(str(person.pk), str(person)) for person in key_holders()]

    def clean(self):
        holders, threshold = self.cleaned_data.get("holders"), self.cleaned_data.get("threshold")
        if holders and threshold and threshold > len(holders):
            self.add_error(
                "threshold",
                _("%(threshold)s shares are needed but %(n)s are made: choose more holders or a smaller number.")
                % {"threshold": threshold, "n": len(holders)},
            )
        if holders and len(holders) > MOST_SHARES:
            self.add_error("holders", _("At most %(n)s holders.") % {"n": MOST_SHARES})

    def details(self):
        return {
            "threshold": self.cleaned_data["threshold"],
            "holders": [int(pk) for pk in self.cleaned_data["holders"]],
        }


PROPOSAL_FORMS = {Step.REVOKE: KeyReasonForm, Step.SPLIT: SplitForm}


class RebuildForm(KeyReasonForm):
    """As many shares as are needed, one a field, in any order."""

    def __init__(self, *args, needed=2, **kwargs):
        super().__init__(*args, **kwargs)
        self.needed = needed
        for number in range(1, needed + 1):
            self.fields[f"share_{number}"] = forms.CharField(
                label=_("Share %(n)s") % {"n": number},
                widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
            )

    def lines(self):
        return [self.cleaned_data[f"share_{number}"] for number in range(1, self.needed + 1)]

    def blame(self, error):
        """Put what is wrong with the shares beside the one that is wrong."""
        if error.position is None:
            self.add_error(None, _("These shares do not rebuild the secret: each must be of the last ceremony, once."))
        else:
            self.add_error(
                f"share_{error.position + 1}",
                _("This share was not copied as it is printed: compare it word by word."),
            )


def why_not_rebuilt(error):
    """What stood in the way of a ceremony, in words."""
    if isinstance(error, NotRevoked):
        return _("The keys are not revoked: there is nothing to rebuild.")
    if isinstance(error, NothingToRebuildFrom):
        return _("No recovery secret was split before the keys were revoked: nothing can be rebuilt.")
    return _("The master key could not be made: %(why)s") % {"why": error}
