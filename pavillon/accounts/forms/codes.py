"""Codes of second factors: each serves once."""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from django.conf import settings

from pavillon.accounts import actions
from pavillon.ui.limits import Rate


class _Once:
    """A phone's code or a recovery code.

    allauth remembers used codes of phones in the memory of one process; the database remembers for all of them. Of
    recovery codes we keep digests only (`actions.factors`).
    """

    def clean_code(self):
        code = self.cleaned_data["code"]
        totp = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if totp and totp.wrap().validate_code(code):
            self.authenticator = None if self._was_used(code) else totp
        else:
            self.authenticator = actions.spend_recovery_code(user=self.user, code=code)
        if self.authenticator is None:
            if wrong := totp or Authenticator.objects.filter(user=self.user).first():
                self._emit_authentication_failed(wrong)
            raise get_adapter().validation_error("incorrect_code")
        self.authenticator.user = self.user
        return code

    def _was_used(self, code):
        # As long as the code could be right: the one before and the one after count too.
        seconds = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)
        # allauth takes "123 456" and "123-456" for "123456": it is the same code, used once.
        who = f"{self.user.pk} {normalize_user_code(code)}"
        return actions.spend_attempt(what="code", who=who, rate=Rate(1, seconds)) is not None


class AuthenticateForm(_Once, forms.AuthenticateForm):
    pass


class ReauthenticateForm(_Once, forms.ReauthenticateForm):
    pass
