"""What this room lets ask of a company: prospects whose licence is over, signals from outside."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.directory.criteria import Ask, Field, Kind, add_fields
from pavillon.directory.models import Company
from pavillon.intake.enums import SignalKind
from pavillon.intake.models import Signal
from pavillon.intake.queries.prospects import on_expired_rental

OUTSIDE = _("From outside")


def _licence(ask: Ask) -> Q:
    over = Q(**{f"{ask.prefix}pk__in": on_expired_rental(Company.objects.all()).values("pk")})
    wanted = Q(pk__in=())
    for key in ask.value:
        wanted |= over if key == "over" else ~over
    return wanted if ask.op == "in" else ~wanted


add_fields(
    Company,
    Field(
        "licence",
        _("Licence of its source"),
        Kind.CHOICE,
        OUTSIDE,
        options=lambda: [("over", _("Rented, licence over")), ("open", _("May be used"))],
        condition=_licence,
        has_empty=False,
        opens=lambda user: user.is_team,
    ),
    Field(
        "signal",
        _("Signal from outside"),
        Kind.CHOICE,
        OUTSIDE,
        "kind",
        options=lambda: SignalKind.choices,
        rows=lambda user: Signal.objects.visible_to(user),
        opens=lambda user: user.is_team,
    ),
)
