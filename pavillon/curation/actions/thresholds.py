"""Other thresholds, and weights learnt anew."""

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.directory.queries import match_descriptions_of_known
from pavillon.matching.actions import NotBetter, NothingToLearnFrom, add_model, promote_model, retrain, set_thresholds
from pavillon.matching.models import MatchModel
from pavillon.matching.queries import live_model


@transaction.atomic
def change_thresholds(*, automatic: float, review: float, by: User) -> MatchModel:
    """Put other thresholds to use. Raises ValueError unless 0 < review < automatic ≤ 1, and NotBetter.

    A model that ships with the product is kept as a first version, so that the change has a history.
    """
    if not 0 < review < automatic <= 1:
        raise ValueError(_("The threshold of review must lie below the automatic one, both between 0 and 1."))
    live = MatchModel.objects.filter(kind="company", is_live=True).first()
    if live is None:
        live = add_model(kind="company", model=live_model("company"), learnt_from=_("shipped"), by=by)
        live = promote_model(version=live, by=by)
    changed = set_thresholds(version=live, automatic=automatic, review=review, by=by)
    # The same weights: nothing is better or worse but where the lines are drawn, which a person decides.
    live.is_live = False
    live.save(update_fields=["is_live"])
    changed = promote_model(version=changed, by=by)
    record("curation.thresholds_changed", changed, by=by, automatic=automatic, review=review)
    return changed


def retrain_model() -> MatchModel | None:
    """Learn from the companies whose SIREN are known and from what people decided; used only when better."""
    try:
        version = retrain(kind="company", rows=match_descriptions_of_known(), by=None)
        return promote_model(version=version, by=None)
    except (NotBetter, NothingToLearnFrom):
        return None
