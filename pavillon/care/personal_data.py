from django.utils.translation import gettext_lazy as _

from pavillon.care import actions
from pavillon.care.models import (
    Assessment,
    Criticism,
    Offer,
    OfferLine,
    OfferQuestion,
    OfferRule,
    RiskGround,
    RiskMark,
    RiskRules,
)
from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data

holds_personal_data(
    Criticism,
    fields=["url", "said"],
    keep_months=60,
    purpose=_("Answer what is said in public about our services, and keep the companies that say it"),
    erase=actions.forget_criticism,
    of=lambda person: Criticism.objects.filter(logged_by__in=person.users),
    clock="logged_at",
)
holds_personal_data(
    RiskMark,
    fields=["end_reason"],
    keep_months=60,
    purpose=_("Keep companies that are not satisfied"),
    erase=actions.forget_risk,
    of=lambda person: RiskMark.objects.filter(ended_by__in=person.users),
    clock="raised_at",
)
holds_no_personal_data(OfferRule, RiskGround, RiskRules)
holds_personal_data(
    Assessment,
    fields=["note"],
    keep_months=60,
    purpose=_("Follow what companies are able to do and intend abroad"),
    erase=actions.forget_assessment,
    of=lambda person: Assessment.objects.filter(author__in=person.users),
    clock="noted_at",
)
holds_personal_data(
    Offer,
    fields=["words", "reason"],
    keep_months=60,
    purpose=_("Propose to companies what fits them"),
    erase=actions.forget_offer,
    of=lambda person: Offer.objects.filter(author__in=person.users),
    clock="drafted_at",
)
holds_personal_data(
    OfferLine,
    fields=["words", "removed_why", "declined_why"],
    keep_months=60,
    purpose=_("Propose to companies what fits them"),
    erase=actions.forget_offer_line,
    of=lambda person: OfferLine.objects.filter(answered_by__in=person.users),
    clock="offer__drafted_at",
)
holds_personal_data(
    OfferQuestion,
    fields=["text", "answer"],
    keep_months=60,
    purpose=_("Propose to companies what fits them"),
    erase=actions.forget_offer_question,
    of=lambda person: OfferQuestion.objects.filter(asked_by__in=person.users),
    clock="asked_at",
)
