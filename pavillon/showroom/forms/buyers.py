from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.core.policy import bind_form
from pavillon.reference.models import Country, Sector
from pavillon.showroom.models import Buyer


class CountryNames(forms.models.ModelChoiceIterator):
    """Asked when the form is drawn, never when it is declared: the names follow the reader's language."""

    def __iter__(self):
        yield ("", self.field.empty_label)
        yield from map(self.choice, sorted(self.queryset.all(), key=lambda country: country.name))


class CountryField(forms.ModelChoiceField):
    """Countries by their names in the reader's language."""

    iterator = CountryNames

    def __init__(self, **kwargs):
        super().__init__(queryset=Country.objects.all(), empty_label=_("Choose a country"), **kwargs)

    def label_from_instance(self, country):
        return country.name


class BuyerForm(forms.Form):
    """A professional registers: the firm first, then the person."""

    company_name = forms.CharField(
        label=_("Company"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    country = CountryField(label=_("Country"))
    sector = forms.ModelChoiceField(label=_("Sector"), queryset=Sector.objects.all(), empty_label=_("Choose a sector"))
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    first_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    job_title = forms.CharField(
        label=_("Position"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Work e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send a code there to make sure that it is yours."),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12 signs or more; a short sentence is easy to remember."),
    )  # fmt: skip
    is_professional = forms.BooleanField(label=_("I buy for a company, not as a private person."))

    def clean(self):
        given = super().clean()
        password = given.get("password")
        if password:
            person = User(
                email=given.get("email", ""),
                first_name=given.get("first_name", ""),
                last_name=given.get("last_name", ""),
            )
            person.works_for = given.get("company_name", "")
            try:
                validate_password(password, person)
            except ValidationError as error:
                self.add_error("password", error)
        return given


class BuyerCardForm(forms.ModelForm):
    country = CountryField(label=_("Country"))

    class Meta:
        model = Buyer
        fields = ["company_name", "country", "sector", "job_title", "website", "phone"]
        widgets = {"phone": forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        bind_form(self, user, Buyer, row=self.instance)
