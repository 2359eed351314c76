"""The form of a site that signs its people in here."""

from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import Organisation
from pavillon.federation.enums import Datum

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class AddressesField(forms.CharField):
    """Addresses, one a line, each taken letter by letter."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value):
        addresses = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        for address in addresses:
            self._check(address)
        return list(dict.fromkeys(addresses))

    def _check(self, address):
        try:
            parts = urlsplit(address)
            host, _port = parts.hostname, parts.port
        except ValueError:
            host = parts = None
        if not host or len(address) > 400 or "*" in address or any(sign.isspace() for sign in address):
            raise forms.ValidationError(
                _("“%(address)s”: write one whole address a line, without *."), params={"address": address}
            )
        if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
            raise forms.ValidationError(_("“%(address)s”: it must begin with https://."), params={"address": address})
        if parts.fragment or parts.username or parts.password:
            raise forms.ValidationError(
                _("“%(address)s”: no # and no name or password in it."), params={"address": address}
            )


class AddressField(AddressesField):
    """One address, or none."""

    widget = forms.URLInput  # type: ignore[assignment]

    def clean(self, value):
        return next(iter(super().clean(value)), "")


class SiteForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the site"), max_length=100, help_text=_("People read it before they agree.")
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Body that answers for it"), empty_label=_("Choose")
    )
    address = forms.URLField(label=_("Address"), max_length=300, assume_scheme="https")
    purpose_fr = forms.CharField(
        label=_("Why it asks for the data, in French"), max_length=300,
        help_text=_("One sentence that people read. Another sentence later asks them again."),
    )  # fmt: skip
    purpose_en = forms.CharField(label=_("Why it asks for the data, in English"), max_length=300)
    data = forms.MultipleChoiceField(  # type: ignore[assignment]
        label=_("Data that it may ask for"), choices=Datum, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Without any it only learns that the same person is back."),
    )  # fmt: skip
    redirect_uris = AddressesField(
        label=_("Ways back after signing in"),
        help_text=_("One address a line, compared letter by letter."),
    )
    leaving_uris = AddressesField(
        label=_("Ways back after signing out"),
        required=False,
        help_text=_("One address a line, compared letter by letter."),
    )
    logout_uri = AddressField(
        label=_("Address told when somebody signs out here"), required=False, max_length=400,
        help_text=_("A signed logout token is sent there (back-channel logout), so that the site’s session ends too."),
    )  # fmt: skip
    is_confidential = forms.BooleanField(
        label=_("Its server keeps a secret"), required=False, initial=True,
        help_text=_("Leave it unticked for an application on people’s own devices: it proves itself by PKCE alone."),
    )  # fmt: skip
    is_enabled = forms.BooleanField(label=_("On: people may sign in there"), required=False, initial=True)

    def __init__(self, *args, site=None, **kwargs):
        if site:
            named = [name for name in self.base_fields if not name.endswith("_uris")]
            initial = {name: getattr(site, name) for name in named}
            initial |= {name: "\n".join(getattr(site, name)) for name in ("redirect_uris", "leaving_uris")}
            kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.partners().working()
        if site:
            # A site that begins to keep a secret, or stops, is another program: it is registered anew.
            self.fields["is_confidential"].disabled = True
