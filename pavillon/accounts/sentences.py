"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.core.sentences import tell

tell(
    {
        "accounts.correspondent_ended": _("End of a correspondent"),
        "accounts.address_verified": _("E-mail address proven"),
        "accounts.correspondent_named": _("Correspondent named"),
        "accounts.email_changed": _("E-mail address changed"),
        "accounts.identity_linked": _("Sign-in account linked"),
        "accounts.identity_provider_changed": _("Identity provider changed"),
        "accounts.identity_provider_created": _("Identity provider added"),
        "accounts.identity_provider_deleted": _("Identity provider removed"),
        "accounts.identity_unlinked": _("Sign-in account detached"),
        "accounts.invitation_accepted": _("Invitation accepted"),
        "accounts.letter_sent": _("E-mail sent"),
        "accounts.membership_added": _("Role given"),
        "accounts.membership_confirmed": _("Place in the company confirmed"),
        "accounts.membership_changed": _("Role changed"),
        "accounts.membership_ended": _("Role ended"),
        "accounts.membership_switched": _("Acting role switched"),
        "accounts.office_created": _("Office added"),
        "accounts.organisation_changed": _("Organisation changed"),
        "accounts.organisation_created": _("Organisation created"),
        "accounts.password_changed": _("Password changed"),
        "accounts.password_reset": _("Password chosen again"),
        "accounts.people_import_confirmed": _("List of people imported"),
        "accounts.people_import_rehearsed": _("List of people rehearsed"),
        "accounts.second_factor_added": _("Second factor added"),
        "accounts.second_factor_removed": _("Second factor removed"),
        "accounts.session_ended": _("Session revoked"),
        "accounts.shop_composed": _("One-stop shop composed"),
        "accounts.sign_in_failed": _("Sign-in failed"),
        "accounts.sign_in_suspended": _("Sign-in suspended"),
        "accounts.signed_in": _("Signed in"),
        "accounts.signed_out": _("Signed out"),
        "accounts.suspension_lifted": _("Suspension lifted"),
        "accounts.unit_created": _("Unit added"),
        "accounts.user_changed": _("Person changed"),
        "accounts.user_created": _("Account created"),
        "accounts.user_deactivated": _("Account closed"),
        "accounts.user_invited": _("Person invited"),
        "accounts.user_reactivated": _("Account opened again"),
    }
)
