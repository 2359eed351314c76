"""What auditors ask and what officers change."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.accounts.enums import PARTNER_KINDS, Role
from pavillon.accounts.models import Organisation, User
from pavillon.core.policy import Level, governed, may_hide
from pavillon.reference.models import Region
from pavillon.security.queries import Scope, changed_fields, governed_labels


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
