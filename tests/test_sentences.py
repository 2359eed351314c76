"""Every verb of the trail has its words: nobody should read "solutions.step_ticked" on a screen."""

import ast
from pathlib import Path

from pavillon.ui.verbs import sentence_for, told_verbs

ROOT = Path(__file__).resolve().parent.parent


def recorded_verbs():
    """First arguments of `record(…)` in the product, where they are written out."""
    for path in ROOT.glob("pavillon/**/*.py"):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in {"record", "_record"}:
                for piece in ast.walk(node.args[0]):
                    if isinstance(piece, ast.Constant) and isinstance(piece.value, str) and "." in piece.value:
                        yield piece.value, path.relative_to(ROOT)


def test_every_recorded_verb_is_told_in_words():
    # A verb made of a stem and a word ("privacy.consent_" + answer) needs at least one told end.
    told = told_verbs()
    stems = {verb[: verb.rindex("_") + 1] for verb in told}
    silent = sorted({f"{verb} ({path})" for verb, path in recorded_verbs() if verb not in told | stems})
    assert silent == []


def test_words_follow_the_reader():
    from django.utils.translation import override

    with override("fr"):
        assert sentence_for("crm.lead_taken") == "Demande prise en charge"
    with override("en"):
        assert sentence_for("crm.lead_taken") == "Request taken in charge"
    assert sentence_for("crm.nothing_happened") == ""
