"""The page of a small form about a part of a company or of a person."""

from pavillon.ui.htmx import form_page


def part_page(request, form, record, title, lead="", *, back="", remove=None):
    """A small form about a part of `record`; `back` is where it returns, `remove` the part that may be taken away."""
    context = {"form": form, "record": record, "title": title, "lead": lead, "remove": remove}
    return form_page(request, "directory/edit_part.html", context | {"back": back or record.get_absolute_url()})
