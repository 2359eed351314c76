"""How forms are drawn, whatever their room."""

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.utils import translation


class Choices(forms.Form):
    wanted = forms.ModelChoiceField(ContentType.objects.none())
    other = forms.ModelChoiceField(ContentType.objects.none(), required=False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "first", "second"), [("fr", "Choisir", "Sans choix"), ("en", "Choose", "No choice")]
)
def test_an_empty_choice_says_what_it_means(language, first, second):
    with translation.override(language):
        form = Choices()
        assert f'<option value="" selected>{first}</option>' in str(form["wanted"])
        assert f'<option value="" selected>{second}</option>' in str(form["other"])
        assert "-----" not in form.as_p()
