"""The room's lines on the privilege matrix, and its kinds of notification."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind
from pavillon.care.models import Assessment, Criticism, Offer, OfferLine, OfferQuestion, RiskMark
from pavillon.care.queries.exported import ASSESSMENTS
from pavillon.core.policy import governs, owned_by
from pavillon.segments.queries.parts import add_part

governs(RiskMark, fields=["end_reason"])
governs(Criticism, fields=["url", "said"])
governs(Assessment, fields=["note"])
governs(Offer, fields=["words"])
governs(OfferLine, fields=["words"])
governs(OfferQuestion, fields=["text", "answer"])
owned_by(RiskMark, lambda user: Q(referent=user))
owned_by(Criticism, lambda user: Q(logged_by=user))
owned_by(Assessment, lambda user: Q(author=user))
owned_by(Offer, lambda user: Q(author=user))
owned_by(OfferLine, lambda user: Q(offer__author=user))
owned_by(OfferQuestion, lambda user: Q(line__offer__author=user))

register_kind("care.risk", _("An account that I keep is at risk"), "team")
register_kind("care.assessment", _("A company that I keep tells its plans abroad"), "team")

register_kind("care.offer_answered", _("An answer or a question about an offer of mine"), "team")
register_kind("care.offer_received", _("An offer for my company"), "company")

add_part(ASSESSMENTS)
