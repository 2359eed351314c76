from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

register_kind("privacy.consent_asked", _("You are asked for a consent"), "company")
register_kind("privacy.consent_answered", _("Somebody answered your question about personal data"), "team")
register_kind("privacy.right_asked", _("A person asks about her data"), "team")
register_kind("privacy.right_due", _("The delay of a person's request is nearly over"), "team")
register_kind("privacy.breach", _("A breach of personal data"), "team")
register_kind("privacy.retention", _("Rows are about to be erased by a rule of retention"), "team")
register_kind("privacy.clearance", _("You may open legally secret data"), "team")
