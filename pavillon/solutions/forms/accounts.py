from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.directory.queries import WrongSiren, find_register_unit
from pavillon.privacy.enums import Kind
from pavillon.privacy.models import Purpose


class SirenForm(forms.Form):
    """The first question of an account: which company? The register answers at once."""

    siren = forms.CharField(
        label=_("SIREN of your company"),
        max_length=30,
        help_text=_("Nine digits, on any invoice or official letter of your company. Spaces do not matter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "autofocus": True}),
    )

    def clean_siren(self):
        siren = "".join(self.cleaned_data["siren"].split())
        # A SIRET is a SIREN and five more digits: people copy it from their invoices.
        siren = siren[:9] if len(siren) == 14 and siren.isdigit() else siren
        try:
            self.unit = find_register_unit(siren)
        except WrongSiren as error:
            raise ValidationError(str(error), code=error.reason) from error
        return siren


class FindCompanyForm(forms.Form):
    """For who has no SIREN at hand: the name, and the town to tell namesakes apart."""

    name = forms.CharField(
        label=_("Name of your company"),
        min_length=3,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    town = forms.CharField(
        label=_("Town or postal code"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )


class PurposesForm(forms.Form):
    """What the person accepts at the opening: nothing is ticked beforehand."""

    job_title = forms.CharField(
        label=_("Your job"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    accepted = forms.ModelMultipleChoiceField(
        label=_("If you like"), queryset=Purpose.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["accepted"].queryset = Purpose.objects.optional(Kind.PERSON)
        self.fields["accepted"].label_from_instance = lambda purpose: purpose.name


class PersonForm(PurposesForm):
    """The person who opens the account, or asks to join."""

    first_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    email = forms.EmailField(
        label=_("Work e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send a message there to make sure that it is yours."),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters. A few words in a row make a good one."),
    )

    def __init__(self, *args, is_vouched=False, works_for="", **kwargs):
        super().__init__(*args, **kwargs)
        self.works_for = works_for
        if is_vouched:
            # An identity provider has proven the address: it stays, and no password of ours is needed.
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("Your identity provider confirmed this address.")
            del self.fields["password"]

    field_order = ["first_name", "last_name", "job_title", "email", "password", "accepted"]

    def clean(self):
        cleaned = super().clean()
        if password := cleaned.get("password"):
            person = User(**{name: cleaned.get(name, "") for name in ("email", "first_name", "last_name")})
            person.works_for = self.works_for  # its words are no password either, before the role is there
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class AskContactForm(forms.Form):
    """A message to the export team; the rest is known."""

    message = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What would you like to talk about? A sentence is enough."),
    )
    with_diagnosis = forms.BooleanField(label=_("Send my diagnosis along"), required=False, initial=True)
    campaign = forms.CharField(required=False, max_length=24, widget=forms.HiddenInput)

    def __init__(self, *args, has_diagnosis=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not has_diagnosis:
            del self.fields["with_diagnosis"]


class DecideJoinRequestForm(forms.Form):
    """The manager's answer to somebody who asks to join."""

    decision = forms.ChoiceField(choices=[("accept", _("Accept")), ("refuse", _("Refuse"))])
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[(Role.SELLER, Role.SELLER.label), (Role.COMPANY_MANAGER, Role.COMPANY_MANAGER.label)],
    )
