"""An exchange with a company, in a few seconds."""

import uuid
from collections.abc import Callable, Sequence
from functools import cache

from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form
from pavillon.crm.enums import PROMISING, InteractionKind, InteractionOutcome, Visibility
from pavillon.crm.forms.leads import DATE, TIME, check_promise
from pavillon.crm.models import Interaction
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.contacts import names_of_people
from pavillon.ui.blank_forms import draw_blank

FIELDS = "crm/_composer_fields.html"
# Where the people of a company stand among those that one met.
OPTION, HOLE = '<option value="{}">{}</option>', "people of the company"


class InteractionForm(forms.Form):
    """Facts and outcome of an exchange, as they are written and as they are corrected."""

    summary = forms.CharField(
        label=_("What was said"),
        widget=forms.Textarea({"rows": 3, "placeholder": _("Log a call, a visit, a mail, a note…")}),
        max_length=10_000,
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "—"), *InteractionOutcome.choices], required=False)
    duration_minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=1440, required=False)
    contact = forms.ModelChoiceField(Contact.objects.none(), label=_("With"), required=False)
    visibility = forms.ChoiceField(
        label=_("Who may read it"), choices=Visibility.choices, initial=Visibility.ORGANISATION
    )

    def __init__(self, *args, user, company, interaction=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.people: Callable[[], Sequence[tuple]] | None = None
        if company is not None:
            self._offer_contacts(company, user)
        bind_form(self, user, Interaction, row=interaction, is_new=interaction is None)

    def _offer_contacts(self, company, user):
        field = self.fields["contact"]
        if self.is_bound and self.data.get(self.add_prefix("contact")):
            field.queryset = company.contacts.visible_to(user)
        # Asked when it is drawn, once: Django looks at the first choice before.
        self.people = cache(lambda: names_of_people(company, user))
        field.widget.choices = lambda: [("", field.empty_label), *self.people()]


class LogInteractionForm(InteractionForm):
    kind = forms.ChoiceField(
        label=_("Kind"), choices=InteractionKind.choices, initial=InteractionKind.CALL, widget=forms.RadioSelect
    )
    happened_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Empty: now."),
    )
    next_action = forms.CharField(label=_("Next action"), max_length=200, required=False)
    next_action_on = forms.DateField(label=_("On"), required=False, widget=DATE)
    next_action_at = forms.TimeField(label=_("At"), required=False, widget=TIME)

    def __init__(self, *args, lead=None, **kwargs):
        super().__init__(*args, **kwargs)
        # Offered or not: what is sent for a request that was closed meanwhile is refused aloud, not dropped.
        if lead is not None and not self.is_bound and lead.state not in PROMISING:
            for name in ("next_action", "next_action_on", "next_action_at"):
                del self.fields[name]

    def draw(self):
        """Its fields. As long as nobody answered they are the same for all companies, but for the people offered."""
        if self.is_bound or self.initial or self.people is None:
            return render_to_string(FIELDS, {"form": self})
        if "contact" not in self.fields:
            return draw_blank(self, FIELDS)
        people, self.people = self.people, lambda: [(HOLE, HOLE)]
        before, hole, after = draw_blank(self, FIELDS).partition(format_html(OPTION, HOLE, HOLE))
        self.people = people
        if not hole:
            return render_to_string(FIELDS, {"form": self})
        return mark_safe(before) + format_html_join("", OPTION, people()) + mark_safe(after)  # noqa: S308  drawn

    def clean_happened_at(self):
        return self.cleaned_data["happened_at"] or timezone.now()

    def clean(self):
        super().clean()
        data = self.cleaned_data
        check_promise(self, data)
        return data


class ReportForm(LogInteractionForm):
    """An exchange written on the way, perhaps without a network: the company is one of those at hand.

    `token` and `despite` come from the device's script; without it the form is an ordinary one.
    """

    company = forms.ModelChoiceField(Company.objects.none(), label=_("Company"), empty_label=_("Choose…"))
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)
    despite = forms.BooleanField(required=False, widget=forms.HiddenInput)
    # The role in which it was written: an exchange is its organisation's, whatever role is in use when it is sent.
    role = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = ("company", "kind", "happened_at", "duration_minutes", "summary", "outcome")

    def __init__(self, *args, user, at_hand=(), **kwargs):
        super().__init__(*args, user=user, company=None, **kwargs)
        self.fields.pop("contact", None)
        self.fields["kind"].initial = InteractionKind.VISIT
        # What was chosen on the device may have left the list meanwhile; it is stored as long as its author sees it.
        self.fields["company"].queryset = Company.objects.visible_to(user)
        # Read when it is drawn: what a device sends asks for none.
        self.fields["company"].widget.choices = lambda: [
            ("", _("Choose…")),
            *((each.pk, str(each)) for each in at_hand),
        ]
        self.acting = user.acting
        self.fields["role"].initial = self.acting.pk

    def clean_role(self):
        role = self.cleaned_data["role"]
        if role and role != self.acting.pk:
            raise forms.ValidationError(
                _("Written in another of your roles: it is sent when you take that role again.")
            )
        return role

    def clean_token(self):
        return self.cleaned_data["token"] or uuid.uuid4()
