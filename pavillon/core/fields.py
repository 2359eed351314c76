"""Columns that hold ciphertext, and their searchable shadow."""

import base64
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from pavillon.core.encryption import LOCKED, DataLocked, LockedText, cipher

PREFIX = "pv1:"


def normalised(value: str) -> bytes:
    """The form under which equal values are found: trimmed, lower case."""
    return value.strip().lower().encode()


def seal(column: Any, text: str) -> str:
    """Text encrypted for one column, and for no other place."""
    sealed = cipher().encrypt(text.encode(), f"{column.model._meta.db_table}.{column.column}")
    return PREFIX + base64.b64encode(sealed).decode()


def open_sealed(column: Any, value: str) -> str:
    place = f"{column.model._meta.db_table}.{column.column}"
    return cipher().decrypt(base64.b64decode(value[len(PREFIX) :]), place).decode()


class EncryptedTextField(models.TextField):
    """Text that the database only ever sees encrypted (`pv1:` + base64). It cannot be filtered on."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value in (None, "") else self.for_the_trail(value)

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        if not value or not value.startswith(PREFIX):
            return value
        try:
            return open_sealed(self, value)
        except DataLocked:
            return LockedText(value)

    def pre_save(self, row: models.Model, add: bool) -> Any:
        value = super().pre_save(row, add)
        # A form shows a locked value as nothing, and must not store that nothing.
        if not value and not add and cipher().is_locked():
            raise DataLocked
        return value

    def for_the_trail(self, value: str | None) -> str | None:
        """The trail keeps old and new values of this column encrypted too."""
        if isinstance(value, LockedText):
            return value.sealed
        if value == LOCKED:
            raise DataLocked  # a page that was drawn while data were locked gives back what it showed
        return seal(self, str(value)) if value else value


class EncryptedJSONField(EncryptedTextField):
    """Lists and dictionaries, encrypted whole."""

    # For mypy's plugin, which would take the values for text.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return self.for_the_trail(value)

    def for_the_trail(self, value: Any) -> str | None:
        return super().for_the_trail(value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder))

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        text = super().from_db_value(value, expression, connection)
        return text if isinstance(text, LockedText) else json.loads(text) if text else None


class BlindIndexField(models.CharField):
    """A keyed digest of another column of the same row, filled at each save, for equality search only."""

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 44)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def digest(self, value: str | None) -> str:
        if not value:
            return ""
        context = f"{self.model._meta.db_table}.{self.of}"
        return base64.b64encode(cipher().blind_index(normalised(value), context)).decode()

    def pre_save(self, row: models.Model, add: bool) -> str:
        value = getattr(row, self.of)
        # What is locked now was not changed: the digest that stands is right.
        found = getattr(row, self.attname) if isinstance(value, LockedText) else self.digest(value)
        setattr(row, self.attname, found)
        return found


def blind_index(model: type[models.Model], field: str, value: str) -> str:
    """The digest to filter by: `Contact.objects.filter(email_index=blind_index(Contact, "email_index", mail))`."""
    column = model._meta.get_field(field)
    assert isinstance(column, BlindIndexField)
    return column.digest(value)
