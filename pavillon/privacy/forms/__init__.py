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

__all__ = [
    "AnswerPurposesForm",
    "AskRightForm",
    "BreachForm",
    "ChangeChoiceForm",
    "ChooseCookiesForm",
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
