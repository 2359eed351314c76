"""The form of an identity provider."""

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import ClientProof, Side

# What is known of the two providers of the seed; client id and secret come from their own registration.
PRESETS = {
    "cci-connect": {
        "name": "CCI Connect",
        "slug": "cci-connect",
        "side": Side.COMPANY,
        "scope": "openid email profile",
        "siret_claim": "siret",
        "ends_its_session": True,
    },
    # Levels: what its partners' documentation calls the weakest; write a stronger one to demand it. It proves addresses
    # without saying so claim by claim.
    "proconnect": {
        "name": "ProConnect",
        "slug": "proconnect",
        "side": Side.COMPANY,
        "issuer": "https://auth.agentconnect.gouv.fr/api/v2",
        "scope": "openid email given_name usual_name siret",
        "acr_values": "eidas1",
        "siret_claim": "siret",
        "vouches_for_address": True,
        "ends_its_session": True,
    },
}


class IdentityProviderForm(forms.Form):
    """An OpenID Connect provider."""

    name = forms.CharField(label=_("Name on the button"), max_length=60)
    slug = forms.SlugField(
        label=_("Short name in addresses"),
        max_length=40,
        help_text=_("Letters, digits and hyphens, for example cci-connect."),
    )
    issuer = forms.CharField(
        label=_("Issuer"), max_length=200,
        help_text=_("The address under which /.well-known/openid-configuration answers."),
    )  # fmt: skip
    client_id = forms.CharField(label=_("Client id"), max_length=200)
    client_secret = forms.CharField(
        label=_("Client secret"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
    scope = forms.CharField(label=_("Scopes"), max_length=120, initial="openid email profile")
    client_proof = forms.ChoiceField(
        label=_("We prove ourselves by"), choices=ClientProof.choices, initial=ClientProof.SECRET, required=False,
        help_text=_("With a key nothing secret is shared; this page then shows where its public half stands."),
    )  # fmt: skip
    acr_values = forms.CharField(
        label=_("Levels of assurance"), max_length=200, required=False,
        help_text=_("Asked and demanded (acr): one or more, with spaces between. Empty: any."),
    )  # fmt: skip
    siret_claim = forms.CharField(
        label=_("Claim with the SIRET or SIREN"), max_length=60, required=False,
        help_text=_("It chooses the company that one acts for, and fills in the SIREN when an account is opened."),
    )  # fmt: skip
    vouches_for_address = forms.BooleanField(
        label=_("It proves every address, without saying email_verified"), required=False
    )
    ends_its_session = forms.BooleanField(label=_("Signing out here signs out there too"), required=False)
    side = forms.ChoiceField(label=_("Offered to"), choices=Side.choices, initial=Side.COMPANY)
    is_enabled = forms.BooleanField(label=_("On: its button stands on the sign-in page"), required=False)

    def __init__(self, *args, provider=None, preset="", **kwargs):
        names = [name for name in self.base_fields if name != "client_secret"]
        initial = {name: getattr(provider, name) for name in names} if provider else PRESETS.get(preset, {})
        super().__init__(*args, **{"initial": initial, **kwargs})
        if provider:
            # People are tied to the provider by this name.
            self.fields["slug"].disabled = True
            self.fields["client_secret"].help_text = _("Left empty, the present one stays.")

    def clean_issuer(self):
        issuer = self.cleaned_data["issuer"].strip().rstrip("/")
        parts = urlsplit(issuer)
        is_local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
            raise forms.ValidationError(_("The issuer must begin with https://."))
        if not parts.hostname:
            raise forms.ValidationError(_("This address has no host name."))
        return issuer

    def clean_client_proof(self):
        return self.cleaned_data["client_proof"] or ClientProof.SECRET

    def clean_acr_values(self):
        return " ".join(self.cleaned_data["acr_values"].split())

    def clean_scope(self):
        scopes = self.cleaned_data["scope"].split()
        if "openid" not in scopes or "email" not in scopes:
            raise forms.ValidationError(
                _("The scopes openid and email are needed: people are recognised by their address.")
            )
        return " ".join(scopes)
