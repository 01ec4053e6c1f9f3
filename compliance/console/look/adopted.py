"""What of Flask-AppBuilder 5.3 is replaced in Python: what would warn with today's libraries, or do idle work.

Each of these is an error where warnings are errors, on pages as plain as the list of users.
"""

from copy import copy
from enum import Enum
from typing import Any

from flask import g, has_request_context
from flask_appbuilder import baseviews, forms
from flask_appbuilder.charts import views as charts
from flask_appbuilder.fields import EnumField
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.widgets import FormWidget, SearchWidget
from wtforms import BooleanField, DateTimeLocalField, SelectField, ValidationError
from wtforms.validators import InputRequired


class DateAndTimeField(DateTimeLocalField):  # type: ignore[misc]
    """A moment to the minute, as the browser's own input sends it, and as FAB's addresses write it.

    FAB's field reads only the latter, and WTForms 3.3 has deprecated it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(*args, format=formats, **kwargs)


class YesNoField(BooleanField):  # type: ignore[misc]
    """A box to tick. FAB asks input of every column that is NOT NULL, so such a box could never be unticked."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        kept = [v for v in validators or [] if not isinstance(v, InputRequired)]
        super().__init__(label, kept, **kwargs)


class NamedField(EnumField):  # type: ignore[misc]
    """One of an enumeration. FAB hands WTForms pairs, which it has deprecated."""

    def __init__(self, enum_class: type[Enum] | None, enums: list[str], **kwargs: Any) -> None:
        self._enum_class = enum_class
        self._names = {name: str(enum_class[name].value) if enum_class else name for name in enums}
        SelectField.__init__(self, coerce=self._member, choices=self._names, **kwargs)

    def _member(self, value: Any) -> Any:
        if value is None or self._enum_class is None or isinstance(value, self._enum_class):
            return value
        return self._enum_class[value]

    def pre_validate(self, form: Any) -> None:
        """It must be one of them; FAB unpacks the choices as pairs."""
        if self.data not in [self._member(name) for name in self._names]:
            raise ValidationError(self.gettext("Not a valid choice"))


class FilterWidget(SearchWidget):  # type: ignore[misc]
    """The filters of a list. FAB's draws every field with its own widget first, only to hand it to jQuery."""

    def __call__(self, **kwargs: Any) -> str:
        """The HTML."""
        return str(FormWidget.__call__(self, **kwargs))


class _OwnFilters:
    """The filters of a view, for each request its own.

    FAB keeps them on the view, which all threads share: what one person searches for could show in another's list.
    """

    def __set__(self, view: Any, filters: Any) -> None:
        view.__dict__["_filters"] = filters

    def __get__(self, view: Any, owner: type) -> Any:
        if view is None or not has_request_context():
            return view and view.__dict__.get("_filters")
        mine = g.setdefault("_view_filters", {})
        if view not in mine:
            mine[view] = copy(view.__dict__["_filters"])
            mine[view].clear_filters()
        return mine[view]


def _related(self: Any, col_name: str, value: Any) -> Any:
    """The record at the other end of a relation; FAB asks in a way that SQLAlchemy calls legacy."""
    return self.session.get(self.get_related_model(col_name), value)


def adopt() -> None:
    """Put them in FAB's place. Views made afterwards use them; doing it twice changes nothing."""
    ours = {"is_datetime": DateAndTimeField, "is_boolean": YesNoField}
    forms.FieldConverter.conversion_table = tuple(
        (marker, ours.get(marker, field), widget) for marker, field, widget in forms.FieldConverter.conversion_table
    )
    forms.EnumField = NamedField
    baseviews.BaseModelView._filters = _OwnFilters()
    baseviews.BaseModelView.search_widget = FilterWidget
    charts.BaseChartView.search_widget = FilterWidget
    SQLAInterface.get_related_obj = _related
