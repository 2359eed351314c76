from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.privacy import actions
from pavillon.privacy.models import (
    Breach,
    Clearance,
    Consent,
    ControlPoint,
    Erasure,
    Letter,
    Processing,
    Processor,
    Purpose,
    PurposeVersion,
    Question,
    RestrictedClass,
    RestrictedPurpose,
    RetentionRule,
    RetentionRun,
    RightsRequest,
)
from pavillon.privacy.queries import accounts_of_companies, consents_about, keep_while, letters_to, requests_by

# An erasure keeps numbers of rows, whose people are erased.
holds_no_personal_data(Erasure, Purpose, PurposeVersion)
# Registers name bodies and people at work, by what they answer for.
holds_no_personal_data(Breach, Clearance, ControlPoint, Processing, Processor, RestrictedClass, RestrictedPurpose)
holds_no_personal_data(RetentionRule, RetentionRun)
# The accounts of the team follow the contracts of its people, not a period.
keep_while(User, accounts_of_companies)
holds_personal_data(
    Consent,
    fields=["person_key", "user", "proof"],
    keep_months=36,
    purpose=_("Proof of what a person accepted or refused"),
    erase=actions.forget_consent,
    of=consents_about,
    clock="ended_at",
)
holds_personal_data(
    Letter,
    fields=["to", "body"],
    keep_months=36,
    purpose=_("Proof of what was written to a person about her data"),
    erase=actions.forget_letter,
    of=letters_to,
    clock="written_at",
)
holds_personal_data(
    Question,
    fields=["user", "data", "reason"],
    keep_months=12,
    purpose=_("Ask a person before her data go to a partner"),
    erase=actions.forget_question,
    of=lambda person: Question.objects.filter(user__in=person.users),
    clock="asked_at",
)
holds_personal_data(
    RightsRequest,
    fields=["name", "email", "message", "answer", "right", "state"],
    keep_months=36,
    purpose=_("Answer a person's request about her data, and prove it"),
    erase=actions.forget_request,
    of=requests_by,
    clock="closed_at",
)
