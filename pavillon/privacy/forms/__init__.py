from pavillon.privacy.forms.choices import ChangeChoiceForm, RewordPurposeForm
from pavillon.privacy.forms.consents import AnswerPurposesForm, ChooseCookiesForm
from pavillon.privacy.forms.registers import (
    BreachForm,
    ControlPointForm,
    ProcessingForm,
    ProcessorForm,
    RetentionRuleForm,
    TellAuthorityForm,
)
from pavillon.privacy.forms.rights import (
    AskRightForm,
    EnterRequestForm,
    IdentitiesForm,
    ObjectionToForm,
    WordsForm,
)
from pavillon.privacy.forms.secrecy import ClearanceForm

__all__ = [
    "AnswerPurposesForm",
    "AskRightForm",
    "BreachForm",
    "ChangeChoiceForm",
    "ChooseCookiesForm",
    "ClearanceForm",
    "ControlPointForm",
    "EnterRequestForm",
    "IdentitiesForm",
    "ObjectionToForm",
    "ProcessingForm",
    "ProcessorForm",
    "RetentionRuleForm",
    "RewordPurposeForm",
    "TellAuthorityForm",
    "WordsForm",
]
