from pavillon.core.personal_data import holds_no_personal_data
from pavillon.matching.models import LabelledPair, MatchModel

# A labelled pair keeps levels ("same", "close"), not values; who decided is an account, erased with it.
holds_no_personal_data(LabelledPair, MatchModel)
