"""The room's kinds of notification."""

from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

register_kind("loyalty.enrolled_by_night", _("Companies enrolled in a loyalty programme by night"), "team")
register_kind("loyalty.enrolled", _("My company is taken into a loyalty programme"), "company")
register_kind("loyalty.benefit_given", _("A loyalty programme gives a discount on one of our orders"), "company")
