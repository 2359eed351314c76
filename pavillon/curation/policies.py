from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind

register_kind("curation.nothing_updated", _("No record updated today"), "team")
register_kind("curation.batch_done", _("A batch of merges is done"), "team")
