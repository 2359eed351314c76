"""French and English complete: every label a person can see has its translation, and one only.

A label's French stands in the catalogue of its own room or of a room below. What one room says differently from another
has a context: on a page that shows both, the upper room would speak for both.
"""

from launch.messages import find_problems


def test_no_untranslated_label():
    problems = find_problems()
    assert not problems, "\n".join(["`pavillon messages --missing ROOM` prints the entries to add.", *problems])
