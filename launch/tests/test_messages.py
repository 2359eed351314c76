# mypy: ignore-errors
"""The search for labels sees what gettext would see, and what it would not."""

import gettext

import pytest

from launch import messages

CATALOGUE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Accept"
msgstr "Accepter"

msgctxt "verb"
msgid "Open"
msgstr "Ouvrir"

msgid "%(n)s lead"
msgid_plural "%(n)s leads"
msgstr[0] "%(n)s demande"
msgstr[1] "%(n)s demandes"

msgid "Hello %(name)s"
msgstr "Bonjour %(nom)s"

msgid "Gone"
msgstr "Parti"
"""


STACK = """\
[[tool.importlinter.contracts]]
layers = ["attic", "(left) | (right)", "hall"]
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    """The plan of a house without rooms."""
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "ROOMS", tmp_path / "pavillon")
    (tmp_path / "pyproject.toml").write_text(STACK)


@pytest.fixture
def furnish(house, tmp_path):
    """Make a room that uses labels and translates some: `furnish("left", "_('Accept')", Accept="Accepter")`."""

    def build(name, code, **french):
        folder = tmp_path / "pavillon" / name / "locale" / "fr" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        head = CATALOGUE.split("\n\n")[0]
        entries = [f'msgid "{text}"\nmsgstr "{said}"' for text, said in french.items()]
        (folder / "django.po").write_text("\n\n".join([head, *entries]) + "\n")
        (tmp_path / "pavillon" / name / "__init__.py").write_text(code)

    return build


@pytest.fixture
def rooms(house, tmp_path):
    """A house of one room, made of the files a test gives."""

    def build(**files):
        files = {"__init__.py": "", "locale/fr/LC_MESSAGES/django.po": CATALOGUE} | {
            name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()
        }
        for name, text in files.items():
            path = tmp_path / "pavillon" / "hall" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return sorted(problem.split(": ", 1)[1] for problem in messages.find_problems() if "no longer" not in problem)

    return build


def test_labels_of_python_are_found(rooms):
    code = (
        "_('Accept'); _('Refuse'); pgettext('verb', 'Open'); pgettext('noun', 'Open')\n"
        "ngettext('%(n)s lead', '%(n)s leads', 2); gettext_lazy('in two '\n  'parts')\n"
        "_('January'); print('not a label'); _(a_variable)"
    )
    assert rooms(views_dot_py=code)[:-1] == [
        "not translated: 'Open' (context 'noun')",
        "not translated: 'Refuse'",
        "not translated: 'in two parts'",
    ]


def test_labels_of_templates_are_found(rooms):
    template = (
        "{% trans 'Accept' %}{% translate 'One' context 'x' %}{{ _('Two') }}"
        "{% blocktrans trimmed count n=n %}\n  {{ n }} lead\n{% plural %}\n {{ n }} leads{% endblocktrans %}"
        "<c-button :label=\"_('Three')\" />{# {% trans 'Four' %} #}"
    )
    assert rooms(templates__hall__page_dot_html=template)[:-1] == [
        "not translated: 'One' (context 'x')",
        "not translated: 'Three'",
        "not translated: 'Two'",
    ]


def test_one_label_with_two_translations_is_refused(furnish):
    furnish("hall", "_('Refused')", Refused="Refusé")
    furnish("attic", "_('Refused')", Refused="Refusée")
    assert messages.find_problems() == [
        "'Refused' is translated differently; give it a context: 'Refusée' in attic; 'Refusé' in hall"
    ]


def test_the_same_translation_twice_is_no_fault(furnish):
    furnish("hall", "_('Refused')", Refused="Refusé")
    furnish("attic", "_('Refused')", Refused="Refusé")
    assert messages.find_problems() == []


def test_a_word_is_taken_from_below_and_not_from_above_or_beside(furnish):
    furnish("hall", "_('Low')", Low="Bas")
    furnish("left", "_('Low'); _('High'); _('Beside')")
    furnish("right", "_('Beside')", Beside="À côté")
    furnish("attic", "_('High')", High="Haut")
    assert messages.find_problems() == [
        "pavillon/left/__init__.py:1: not translated: 'High'",
        "pavillon/left/__init__.py:1: not translated: 'Beside'",
    ]
    assert messages.missing_entries("left") == 'msgid "High"\nmsgstr "Haut"\n\nmsgid "Beside"\nmsgstr "À côté"'


def test_unknown_placeholders_and_unused_entries_are_found(rooms):
    rooms(views_dot_py="_('Hello %(name)s')")
    found = messages.find_problems()
    assert "pavillon/hall/locale: unknown placeholder in the translation of 'Hello %(name)s'" in found
    assert "pavillon/hall/locale: no longer used: 'Gone'" in found
    assert "pavillon/hall/locale: no longer used: 'Hello %(name)s'" not in found


def test_missing_entries_are_printed_as_a_catalogue(rooms):
    rooms(views_dot_py="ngettext('one \"x\"', 'many', 2)")
    assert messages.missing_entries("hall") == ('msgid "one \\"x\\""\nmsgid_plural "many"\nmsgstr[0] ""\nmsgstr[1] ""')


def test_french_is_typeset_when_it_is_compiled():
    assert messages.typeset("Oui : « l'export » ? 12:30, https://x.example/a:b, {n}: <a href='x'>") == (
        "Oui\u00a0: «\u00a0l’export\u00a0»\u00a0? 12:30, https://x.example/a:b, {n}: <a href='x'>"
    )


def test_compiled_catalogue_is_what_gettext_reads(rooms, tmp_path):
    rooms()
    assert messages.compile_messages() == 1
    assert messages.compile_messages() == 0
    locale = tmp_path / "pavillon" / "hall" / "locale"
    french = gettext.translation("django", str(locale), languages=["fr"])
    assert french.gettext("Accept") == "Accepter"
    assert french.ngettext("%(n)s lead", "%(n)s leads", 3) == "%(n)s demandes"
    assert french.pgettext("verb", "Open") == "Ouvrir"
