"""A line of a log in words: "directory.company_changed" becomes "Company · changed"."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from pavillon.security.models import Line
from pavillon.ui.verbs import sentence_for, tell

tell(
    {
        "security.data_key_files_sealed": gettext_lazy("Files of before sealed"),
        "security.data_key_generated": gettext_lazy("Data key generated"),
        "security.data_key_rotated": gettext_lazy("Data key rotated"),
        "security.data_key_secret_split": gettext_lazy("Recovery secret split"),
        "security.data_key_share_collected": gettext_lazy("Share of the recovery secret collected"),
        "security.data_key_source_found": gettext_lazy("The holder of the master key answers"),
        "security.data_key_source_lost": gettext_lazy("The holder of the master key does not answer"),
        "security.data_key_step_confirmed": gettext_lazy("A second key-holder confirmed"),
        "security.data_key_step_proposed": gettext_lazy("A key-holder proposed a step"),
        "security.data_key_step_withdrawn": gettext_lazy("A key-holder withdrew a step"),
        "security.data_key_used": gettext_lazy("Data key used"),
        "security.data_keys_moved": gettext_lazy("Keys moved to another source"),
        "security.data_keys_rebuilt": gettext_lazy("Keys rebuilt from shares"),
        "security.data_keys_revoked": gettext_lazy("Keys revoked"),
        "security.access_refused": gettext_lazy("Access refused"),
        "security.record_missed": gettext_lazy("Asked for a record that is not there"),
        "security.record_key_destroyed": gettext_lazy("What the logs kept of a person was erased"),
        "security.shipping_failed": gettext_lazy("The collector of logs does not take lines"),
        "security.shipping_resumed": gettext_lazy("The collector of logs takes lines again"),
        "security.policy_changed": gettext_lazy("Privilege changed"),
    }
)

READ = {
    "page": gettext_lazy("Opened the page"),
    "list": gettext_lazy("Saw in a list"),
    "search": gettext_lazy("Saw in search results"),
    "export": gettext_lazy("Exported"),
    "api": gettext_lazy("Read through the API"),
    "document": gettext_lazy("Opened the document"),
    "panel": gettext_lazy("Saw on another page"),
    "audit": gettext_lazy("Consulted the log"),
    "refused": gettext_lazy("Got nothing of what was asked: beyond the reading budget"),
}

# The last word of a verb. The trail's verbs are "room.noun_participle"; a word that is missing here is shown as it is.
DONE = {
    "accepted": pgettext_lazy("done", "accepted"),
    "added": pgettext_lazy("done", "added"),
    "answered": pgettext_lazy("done", "answered"),
    "approved": pgettext_lazy("done", "approved"),
    "assigned": pgettext_lazy("done", "assigned"),
    "changed": pgettext_lazy("done", "changed"),
    "closed": pgettext_lazy("done", "closed"),
    "created": pgettext_lazy("done", "created"),
    "deactivated": pgettext_lazy("done", "deactivated"),
    "deleted": pgettext_lazy("done", "deleted"),
    "ended": pgettext_lazy("done", "ended"),
    "erased": pgettext_lazy("done", "erased"),
    "escalated": pgettext_lazy("done", "escalated"),
    "finished": pgettext_lazy("done", "finished"),
    "forgotten": pgettext_lazy("done", "forgotten"),
    "given": pgettext_lazy("done", "given"),
    "logged": pgettext_lazy("done", "logged"),
    "merged": pgettext_lazy("done", "merged"),
    "opened": pgettext_lazy("done", "opened"),
    "published": pgettext_lazy("done", "published"),
    "reactivated": pgettext_lazy("done", "reactivated"),
    "received": pgettext_lazy("done", "received"),
    "refused": pgettext_lazy("done", "refused"),
    "removed": pgettext_lazy("done", "removed"),
    "rotated": pgettext_lazy("done", "rotated"),
    "sent": pgettext_lazy("done", "sent"),
    "submitted": pgettext_lazy("done", "submitted"),
    "taken": pgettext_lazy("done", "taken in charge"),
    "treated": pgettext_lazy("done", "treated"),
    "withdrawn": pgettext_lazy("done", "withdrawn"),
}


def sentence_of(line: Line) -> str:
    """What happened, in a few words of the reader's language, with the reason when the line has one."""
    if line.kind == "read":
        words = str(READ.get(line.how, line.how))
        return words if line.rows == 1 else gettext("%(words)s (%(n)s rows)") % {"words": words, "n": line.rows}
    words = sentence_for(line.kind) or _words_of(line.kind)
    if reason := line.facts.get("reason"):
        words = pgettext("what, and its reason", "%(what)s: %(reason)s") % {"what": words, "reason": reason}
    return words


def _words_of(verb: str) -> str:
    """Words for a verb that its room has not told: an old one, or one of a room that is gone."""
    room, _dot, event = verb.partition(".")
    noun, _underscore, participle = event.rpartition("_")
    return f"{_noun(room, noun)} · {DONE.get(participle, participle)}"


def _noun(room: str, noun: str) -> str:
    """The name that the room's own model gives itself, else the word of the verb."""
    wanted = noun.replace("_", "").removesuffix("s")
    models = apps.get_app_config(room).get_models() if apps.is_installed(f"pavillon.{room}") else ()
    named = sorted((m for m in models if (m._meta.model_name or "").startswith(wanted)), key=lambda m: len(m.__name__))
    if named:
        return capfirst(str(named[0]._meta.verbose_name))
    return noun.replace("_", " ").capitalize()
