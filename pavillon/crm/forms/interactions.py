"""An exchange with a company, in a few seconds."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form
from pavillon.crm.enums import InteractionKind, InteractionOutcome, Visibility
from pavillon.crm.forms.leads import DATE, TIME, check_promise
from pavillon.crm.models import Interaction
from pavillon.directory.models import Contact


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
        self.fields["contact"].queryset = company.contacts.visible_to(user)
        bind_form(self, user, Interaction, row=interaction, is_new=interaction is None)


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

    def clean_happened_at(self):
        return self.cleaned_data["happened_at"] or timezone.now()

    def clean(self):
        super().clean()
        data = self.cleaned_data
        check_promise(self, data)
        return data
