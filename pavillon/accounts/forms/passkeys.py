"""Passkeys and security keys: allauth's forms, in words that people read."""

from allauth.mfa.webauthn import forms
from django.utils.translation import gettext_lazy as _


class _Named:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["name"].help_text = _("By which you know it again: “My phone”, “Key on my ring”.")


class AddPasskeyForm(_Named, forms.AddWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = _("Sign in with it alone, without a password")
        self.fields["passwordless"].help_text = _("The key then asks for your fingerprint, your face or its own code.")


class RenamePasskeyForm(_Named, forms.EditWebAuthnForm):
    pass
