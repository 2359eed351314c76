from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data
from pavillon.privacy import actions
from pavillon.privacy.models import Consent, Purpose, PurposeVersion

holds_no_personal_data(Purpose, PurposeVersion)
holds_personal_data(
    Consent,
    fields=["person_key", "user", "proof"],
    keep_months=36,
    purpose="Proof of what a person accepted or refused",
    erase=actions.forget_consent,
)
