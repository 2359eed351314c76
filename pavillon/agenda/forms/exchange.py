"""Keys, files and addresses of other calendars; who is invited, and what is written."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pavillon.agenda.enums import KeyKind
from pavillon.ui.uploads import CALENDAR, UploadField

MOST_BYTES = 5_000_000


class CreateKeyForm(forms.Form):
    kind = forms.ChoiceField(label=_("What for"), choices=KeyKind.choices)
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Where you use it: “Outlook at work”, “my phone”.")
    )


class ImportCalendarForm(forms.Form):
    file = UploadField(label=_("Calendar file (.ics)"), takes=(CALENDAR,), most=MOST_BYTES)


class SubscribeCalendarForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"), max_length=500, help_text=_("The secret address that Outlook or Google gives (.ics).")
    )

    def clean_url(self):
        url = self.cleaned_data["url"].strip().replace("webcal://", "https://", 1)
        forms.URLField(assume_scheme="https").clean(url)
        if not url.startswith(("https://", "http://")):
            raise ValidationError(_("Write an address that begins with https:// or webcal://."))
        return url


class InviteParticipantForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=160, required=False)


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Message"), max_length=4000, widget=forms.Textarea({"rows": 2}))
