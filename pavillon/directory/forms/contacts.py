"""People of a company."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from pavillon.core.policy import bind_form
from pavillon.directory.channels import WrongPhone, phone_number
from pavillon.directory.models import Contact
from pavillon.directory.zones import zone_choices, zone_of

LANGUAGES = [
    ("fr", _("French")),
    ("en", _("English")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("it", _("Italian")),
    ("pt", _("Portuguese")),
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("ja", _("Japanese")),
]


class ContactForm(forms.Form):
    """Who it is and how to reach them."""

    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    job_title = forms.CharField(label=_("Job title"), max_length=120, required=False)
    is_decision_maker = forms.BooleanField(label=_("Decides"), required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        help_text=_("A number abroad begins with + and its country."),
        widget=forms.TextInput({"type": "tel"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, initial=settings.LANGUAGE_CODE)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        required=False,
        help_text=_("Hours to call are those of this zone; its hour stands beside the phone."),
    )

    def __init__(self, *args, user, contact=None, company=None, **kwargs):
        super().__init__(*args, **kwargs)
        if company is not None:
            self.fields["time_zone"].initial = zone_of(company.country_id, company.region_id)
        if contact is not None:
            self.initial = {name: getattr(contact, name) for name in self.fields} | dict(self.initial)
        bind_form(self, user, Contact, row=contact, is_new=contact is None)

    def clean_phone(self):
        typed = self.cleaned_data["phone"]
        try:
            return phone_number(typed)
        except WrongPhone as error:
            raise forms.ValidationError(
                _("%(number)s is no phone number. In France: 02 98 86 12 34; abroad: +55 11 91234 5678.")
                % {"number": typed}
            ) from error

    def known_values(self):
        """What an action may be given: the fields of the form that this person may write."""
        locked = {name for name, field in self.fields.items() if field.disabled}
        if not self.cleaned_data.get("time_zone"):
            locked.add("time_zone")
        return {name: value for name, value in self.cleaned_data.items() if name not in locked}


class ObjectionForm(forms.Form):
    said = forms.CharField(
        label=_("What the person said, and how"), min_length=5, max_length=500, widget=forms.Textarea({"rows": 3})
    )
