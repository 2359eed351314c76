"""One column of a record, edited in its list."""

from django import forms


def cell_form(row, column, data=None):
    """A form with one field of the model, in its own widget."""
    form_class = forms.modelform_factory(type(row), fields=[column])
    return form_class(data, instance=row, prefix=f"cell{row.pk}", use_required_attribute=False)
