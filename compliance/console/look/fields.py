"""Form fields as the browser's own inputs, whatever widget Flask-AppBuilder gave them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_appbuilder import fieldwidgets as fab
from flask_appbuilder.fields import QuerySelectField, QuerySelectMultipleField
from flask_appbuilder.upload import BS3FileUploadFieldWidget, BS3ImageUploadFieldWidget
from markupsafe import Markup
from wtforms import BooleanField, Field, SelectField, SelectMultipleField, widgets

from compliance.console.look.values import said

#: What is drawn instead of each of FAB's widgets, which ask for Bootstrap, Font Awesome and jQuery.
_INSTEAD: dict[type, Any] = {
    fab.BS3TextFieldWidget: widgets.TextInput(),
    fab.BS3TextAreaFieldWidget: widgets.TextArea(),
    fab.BS3PasswordFieldWidget: widgets.PasswordInput(),
    fab.DatePickerWidget: widgets.DateInput(),
    fab.DateTimePickerWidget: widgets.DateTimeLocalInput(),
    fab.Select2AJAXWidget: widgets.TextInput(),
    fab.Select2SlaveAJAXWidget: widgets.TextInput(),
    BS3FileUploadFieldWidget: widgets.FileInput(),
    BS3ImageUploadFieldWidget: widgets.FileInput(),
}


class Choice(NamedTuple):
    """One line of a select or a list of boxes."""

    value: str
    label: str
    chosen: bool


def kind(field: Field) -> str:
    """How the templates draw it: boxes, select, check, area, hidden, input, or by its own widget."""
    if isinstance(field, QuerySelectMultipleField | SelectMultipleField):
        return "boxes"
    if isinstance(field, QuerySelectField | SelectField):
        return "other" if isinstance(field.widget, widgets.ListWidget) else "select"
    if isinstance(field, BooleanField):
        return "check"
    for made, name in (
        (widgets.TextArea, "area"),
        (widgets.HiddenInput, "hidden"),
        (widgets.Input, "input"),
    ):
        if isinstance(_widget(field), made):
            return name
    return "other"


def input_type(field: Field) -> str:
    """The type of the input that asks for such a value: text, number, date, datetime-local …"""
    return str(getattr(_widget(field), "input_type", "text"))


def choices(field: Any) -> list[Choice]:
    """What can be chosen; in a list of boxes what is chosen comes first."""
    found = [Choice(str(value), said(label), bool(chosen)) for value, label, chosen in _each(field)]
    return sorted(found, key=lambda c: (not c.chosen, c.label.casefold())) if kind(field) == "boxes" else found


def _each(field: Any) -> Iterator[tuple[Any, Any, Any]]:
    """WTForms gives objects, FAB still gives tuples."""
    for choice in field.iter_choices():
        yield choice[:3] if isinstance(choice, tuple) else (choice.value, choice.label, choice.selected)


def native(field: Field, **attributes: Any) -> Markup:
    """The field as a plain input with these attributes; a widget we do not know draws itself."""
    widget = _widget(field)
    # Staff fill in other people's data here; the browser knows only their own.
    attributes.setdefault("autocomplete", "new-password" if isinstance(widget, widgets.PasswordInput) else "off")
    attributes = {name: value for name, value in attributes.items() if value not in (None, False)}
    # WTForms escapes what it puts into its widgets.
    return Markup(widget(field, **attributes))  # noqa: S704


def _widget(field: Field) -> Any:
    widget = _INSTEAD.get(type(field.widget), field.widget)
    if type(widget) is widgets.TextInput:
        if "email" in field.short_name:
            return widgets.EmailInput()
        if field.type in ("IntegerField", "DecimalField", "FloatField"):
            return widgets.NumberInput(step=None if field.type == "IntegerField" else "any")
    return widget
