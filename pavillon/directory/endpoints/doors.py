"""The one router of the room: methods of one address belong to one router, whichever file they are written in."""

from typing import Any

from ninja import Router

router = Router()


def fields_of(form: Any) -> dict[str, Any]:
    """For the description of a writing call: which fields `values` may hold, as the form on screen names them."""
    told = []
    for name, field in form.base_fields.items():
        choices = [str(key) for key, _label in getattr(field, "choices", ()) if key] if _is_short(field) else []
        told.append(f"`{name}` ({', '.join(choices)})" if choices else f"`{name}`")
    return {"requestBody": {"description": f"Fields of `values`: {', '.join(told)}."}}


def _is_short(field: Any) -> bool:
    """Whether its choices are known without asking the database."""
    return not hasattr(field, "queryset")
