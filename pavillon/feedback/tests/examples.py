"""What tests over all pages put in the addresses of this room."""

from pavillon.feedback.models import Decision, Feedback


def _feedback(world):
    return Feedback.objects.create(
        author=world["helene"], organisation=world["chamber"], rating=3, text="Trop de clics", screen="crm:leads"
    )


def _decision(world):
    return Decision.objects.create(feedback=world.example(Feedback), said="Moins de clics", state="new", kind="chamber")


EXAMPLES = {Feedback: _feedback, Decision: _decision}
