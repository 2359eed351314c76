"""The dictionary of data is read from the tables themselves."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from pavillon.core.fields import EncryptedTextField

pytestmark = pytest.mark.django_db


def test_every_table_and_field_is_told_with_its_form_its_class_and_its_rules():
    said = StringIO()
    call_command("data_dictionary", stdout=said)
    text = said.getvalue()
    for app in apps.get_app_configs():
        if not app.name.startswith("pavillon."):
            continue
        for model in app.get_models():
            assert f"(`{model._meta.db_table}`)" in text
    told = StringIO()
    call_command("data_dictionary", "directory", stdout=told)
    contact = told.getvalue().partition("## Contact (")[2].partition("\n## ")[0]
    sealed = [f.name for f in apps.get_model("directory.Contact")._meta.fields if isinstance(f, EncryptedTextField)]
    assert sealed
    for name in sealed:
        assert any(line.startswith(f"| {name} |") and line.endswith("| sealed |") for line in contact.splitlines())
    assert "# crm\n" not in told.getvalue()
    # What must hold between fields is said with the fields; rows of a body stand behind the second wall.
    assert "points up to 100 (points)" in text
    crm = text.partition("# crm\n")[2]
    assert "| of a body |" in crm.partition("## Interaction (")[2].partition("\n## ")[0]
