"""What the demonstration invents about people is labelled, and is planted once."""

from pavillon.privacy import demo
from pavillon.privacy.models import Breach, ControlPoint, Processing, Processor, RightsRequest
from pavillon.privacy.tests import factories


def test_the_demonstration_is_labelled_and_planted_once(db, settings, tmp_path):
    settings.DATA = tmp_path
    world = {"users": {"denis": factories.stage().dpo}}
    demo.seed(world)
    demo.seed(world)
    for model, rows in ((RightsRequest, 3), (Processing, 2), (Processor, 1), (Breach, 1)):
        assert model.objects.filter(is_demo=True).count() == model.objects.count() == rows
    assert RightsRequest.objects.pending().count() == 3
    assert "démonstration" in ControlPoint.objects.get(pk=1).evidence
