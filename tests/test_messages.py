"""French and English complete: every label a person can see has its translation."""

from launch.messages import find_problems


def test_no_untranslated_label():
    problems = find_problems()
    assert not problems, "\n".join(["`pavillon messages --missing ROOM` prints the entries to add.", *problems])
