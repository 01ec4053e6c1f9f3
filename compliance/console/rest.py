"""The requests for other systems: Flask-AppBuilder's REST interface, /api/v1/request/, with the rights of the console.

Whoever calls it signs in at /api/v1/security/login and sends the token; a browser's cookie is not enough, so no page
of somebody else can call it. A request is opened and moved by the functions of the domain, never edited or deleted.
"""

from typing import Any, ClassVar

from flask_appbuilder import ModelRestApi, expose
from flask_appbuilder.api import rison
from flask_appbuilder.api.schemas import get_list_schema
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.decorators import permission_name, protect
from marshmallow import Schema

from compliance import comments
from compliance.audit.actions import Action
from compliance.console import case, doing, rest_cases, rest_fields
from compliance.console.looking import with_reason, wrote_down
from compliance.console.rest_answers import answered, body, readable, web_json
from compliance.console.signed_in import officer
from compliance.errors import MoveRefused
from compliance.requests import handling
from compliance.requests.kinds import State
from compliance.requests.models import PrivacyRequest
from imgpilot import web
from imgpilot.errors import NotYours
from imgpilot.language import marked as _

#: What a list can be narrowed by and put in order by.
SEARCHED = [
    "number",
    "kind",
    "regime",
    "country",
    "channel",
    "state",
    "outcome",
    "received_at",
    "due_on",
    "assigned_to",
]
#: Pages further on are of nobody's use, and the database counts no further.
LAST_PAGE = 100_000


class RequestApi(ModelRestApi):  # type: ignore[misc]
    """Privacy requests."""

    resource_name = "request"
    class_permission_name = "Interface"
    openapi_spec_tag = "Requests"
    openapi_spec_component_schemas = rest_fields.BODIES
    datamodel = SQLAInterface(PrivacyRequest)
    exclude_route_methods: ClassVar = {"info", "put", "delete"}
    list_columns: ClassVar = list(rest_cases.FACTS)
    list_select_columns: ClassVar = [name for name in rest_cases.FACTS if name != "case"]
    show_columns: ClassVar = list(rest_cases.FACTS)
    show_select_columns: ClassVar = [name for name in rest_cases.FACTS if name != "case"]
    add_columns: ClassVar = ["kind"]
    add_model_schema = rest_fields.Opening()
    edit_columns: ClassVar = ["kind"]
    #: Nothing is edited; without this its description would name every column.
    edit_model_schema = Schema()
    search_columns: ClassVar = SEARCHED
    order_columns: ClassVar = SEARCHED
    base_order = ("due_on", "asc")
    max_page_size = 100

    @expose("/", methods=["GET"])
    @protect()
    @permission_name("read")
    @answered
    @readable
    @rison(get_list_schema)
    def get_list(self, **kwargs: Any) -> Any:
        """The requests, without what people wrote: filtered, in order and in pages by the argument `q` (Rison).
        ---
        get:
          parameters:
          - in: query
            name: q
            content:
              application/json:
                schema:
                  $ref: '#/components/schemas/get_list_schema'
          responses:
            200:
              description: The page, and how many there are
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      count:
                        type: number
                      ids:
                        type: array
                        items:
                          type: string
                      result:
                        type: array
                        items:
                          $ref: '#/components/schemas/{{self.__class__.__name__}}.get_list'
            400:
              $ref: '#/components/responses/400'
            401:
              $ref: '#/components/responses/401'
            403:
              $ref: '#/components/responses/403'
        """
        asked = kwargs.get("rison") or {}
        if not 0 <= int(asked.get("page") or 0) <= LAST_PAGE:
            raise ValueError
        return self.get_list_headless(rison=asked)

    @expose("/<pk>", methods=["GET"])
    @protect()
    @permission_name("read")
    @answered
    def get(self, pk: str) -> Any:
        """One case with its plan, steps and timeline. Reading it is written down.
        ---
        get:
          parameters:
          - {in: path, name: pk, schema: {type: string, format: uuid}}
          responses:
            200:
              description: The case
              content:
                application/json:
                  schema:
                    type: object
                    properties:
                      id:
                        type: string
                      result:
                        $ref: '#/components/schemas/{{self.__class__.__name__}}.get'
            401:
              $ref: '#/components/responses/401'
            403:
              $ref: '#/components/responses/403'
            404:
              $ref: '#/components/responses/404'
        """
        found = _found(pk)
        wrote_down(web.session(), found.request, Action.STAFF_READ_CASE, by="interface")
        web.session().commit()
        return _answer(200, rest_cases.followed(_found(pk)))

    @expose("/", methods=["POST"])
    @protect()
    @permission_name("open")
    @answered
    def post(self) -> Any:
        """Open a case.
        ---
        post:
          requestBody:
            required: true
            content:
              application/json:
                schema:
                  $ref: '#/components/schemas/{{self.__class__.__name__}}.post'
          responses:
            201:
              description: The case that was opened, or the one of this kind that was open
            401:
              $ref: '#/components/responses/401'
            403:
              $ref: '#/components/responses/403'
            422:
              $ref: '#/components/responses/422'
        """
        session, parts = web.session(), web.parts()
        made = rest_cases.opened(session, parts.settings, body(rest_fields.Opening), officer(), parts.clock())
        session.commit()
        return _answer(201, rest_cases.facts(made))

    @expose("/<pk>/approve", methods=["POST"])
    @protect()
    @permission_name("approve")
    @answered
    def approve(self, pk: str) -> Any:
        """Approve the plan with this digest; where a second officer has to agree: propose it, or agree to it.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: string, format: uuid}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Approval'}}}
          responses:
            200: {description: The case as it is now}
            404:
              $ref: '#/components/responses/404'
            409: {description: The case cannot make this move now; the message says why}
            422:
              $ref: '#/components/responses/422'
        """
        found, sent = _found(pk), body(rest_fields.Approval)
        act = doing.confirm if found.request.state == State.SECOND else doing.approve
        return _moved(found, act, sent)

    @expose("/<pk>/refuse", methods=["POST"])
    @protect()
    @permission_name("decide")
    @answered
    def refuse(self, pk: str) -> Any:
        """Refuse on a ground of the law, with a reason that the person reads.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: string, format: uuid}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Refusal'}}}
          responses:
            200: {description: The case as it is now}
            404:
              $ref: '#/components/responses/404'
            409: {description: The case cannot make this move now; the message says why}
        """
        return _moved(_found(pk), doing.refuse, body(rest_fields.Refusal))

    @expose("/<pk>/extend", methods=["POST"])
    @protect()
    @permission_name("decide")
    @answered
    def extend(self, pk: str) -> Any:
        """Take the longer time of the law; the person is told why.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: string, format: uuid}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Reason'}}}
          responses:
            200: {description: The case as it is now}
            404:
              $ref: '#/components/responses/404'
            409: {description: The case cannot make this move now; the message says why}
        """
        return _moved(_found(pk), doing.extend, body(rest_fields.Reason))

    @expose("/<pk>/assign", methods=["POST"])
    @protect()
    @permission_name("assign")
    @answered
    def assign(self, pk: str) -> Any:
        """Give the case to a member of staff, or to nobody.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: string, format: uuid}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Assignment'}}}
          responses:
            200: {description: The case as it is now}
            404:
              $ref: '#/components/responses/404'
            409: {description: There is no such colleague}
        """
        found, to = _found(pk), body(rest_fields.Assignment)["staff"]
        if to is not None and to not in {one.id for one in found.colleagues}:
            raise MoveRefused(_("There is no such colleague. Nothing was changed."))
        handling.assign(web.session(), found.request.id, to, officer(), web.parts().clock())
        return _kept(found)

    @expose("/<pk>/withdraw", methods=["POST"])
    @protect()
    @permission_name("work")
    @answered
    def withdraw(self, pk: str) -> Any:
        """Take it back for the person; how they said so is kept as a comment.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: string, format: uuid}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Reason'}}}
          responses:
            200: {description: The case as it is now}
            404:
              $ref: '#/components/responses/404'
            409: {description: The case cannot make this move now; the message says why}
        """
        return _moved(_found(pk), doing.withdraw, body(rest_fields.Reason))

    @expose("/<pk>/comment", methods=["POST"])
    @protect()
    @permission_name("comment")
    @answered
    def comment(self, pk: str) -> Any:
        """Say something to colleagues.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: string, format: uuid}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Comment'}}}
          responses:
            200: {description: The case as it is now}
            404:
              $ref: '#/components/responses/404'
        """
        found, sent = _found(pk), body(rest_fields.Comment)
        comments.add(web.session(), found.request, sent["text"], officer(), web.parts().clock(), found.colleagues)
        return _kept(found)

    @expose("/<pk>/unmask", methods=["POST"])
    @protect()
    @permission_name("unmask")
    @answered
    def unmask(self, pk: str) -> Any:
        """What people wrote in the case and how they are reached, for a reason of the list; it is written down.
        ---
        post:
          parameters:
          - {in: path, name: pk, schema: {type: string, format: uuid}}
          requestBody:
            required: true
            content: {application/json: {schema: {$ref: '#/components/schemas/Reason'}}}
          responses:
            200: {description: The values}
            404:
              $ref: '#/components/responses/404'
            409: {description: The reason is not on the list}
        """
        found, reason = _found(pk), body(rest_fields.Reason)["reason"]
        with_reason(web.session(), found.request, Action.STAFF_UNMASKED, reason, by="interface")
        web.session().commit()
        return _answer(200, {"id": pk} | rest_cases.whole(_found(pk).request))


def _found(pk: str) -> case.Case:
    id_ = rest_cases.number(pk)
    if id_ is None:
        raise NotYours(_("There is no such case."))
    return case.gather(web.session(), id_)


def _moved(found: case.Case, act: Any, sent: dict[str, str]) -> Any:
    act(doing.Doing(web.session(), web.parts(), found, sent, officer(), web.parts().clock()))
    return _kept(found)


def _kept(found: case.Case) -> Any:
    session, id_ = web.session(), found.request.id
    session.commit()
    return _answer(200, rest_cases.followed(case.gather(session, id_)))


def _answer(status: int, result: dict[str, Any]) -> Any:
    return web_json(status, {"id": result["id"], "result": result})
