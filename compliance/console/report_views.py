"""Reported pictures: what people say of public pages, looked at and decided. Every look is written down."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose, has_access
from flask_babel import gettext
from sqlalchemy import case, select
from sqlalchemy.orm import Session

from compliance.audit.actions import Action
from compliance.audit.append import record
from compliance.console import members
from compliance.console.signed_in import officer
from imgpilot import digests, web
from imgpilot.errors import NotYours
from imgpilot.gallery.pictures import opened
from imgpilot.generation import catalogue
from imgpilot.generation.models import Generation, Image
from imgpilot.language import marked as _
from imgpilot.sharing import reports
from imgpilot.sharing.models import Share, ShareReport

#: A page of this many; those that wait come first.
LISTED = 200


class Reports(BaseView):  # type: ignore[misc]
    """What was reported."""

    route_base = "/reported"
    default_view = "listed"

    @expose("/")
    @has_access
    def listed(self) -> Any:
        """All reports: what cannot wait, what waits, what was decided."""
        session = web.session()
        first = case((ShareReport.reason.in_(reports.FIRST), 0), else_=1)
        waits = ShareReport.decided_at.is_(None)
        waiting = session.scalars(select(ShareReport).where(waits).order_by(first, ShareReport.at).limit(LISTED)).all()
        decided = session.scalars(
            select(ShareReport).where(~waits).order_by(ShareReport.decided_at.desc()).limit(LISTED)
        ).all()
        self.update_redirect()
        return self.render_template(
            "console/reports.html",
            waiting=waiting,
            decided=decided,
            total=reports.waiting(session),
            reasons=reports.REASONS,
            urgent=reports.FIRST,
            staff=members.read(session),
        )

    @expose("/<uuid:report_id>")
    @has_access
    def show(self, report_id: UUID) -> Any:
        """One report with the page it is about; looking is written down."""
        session = web.session()
        report, share = _found(session, report_id)
        _wrote_down(session, Action.STAFF_READ_REPORT, report, share.account_id if share else None)
        session.commit()
        report, share = _found(session, report_id)
        image = session.get_one(Image, share.image_id) if share else None
        order = session.get_one(Generation, image.generation_id) if image else None
        open_reports = ShareReport.share_id == (share.id if share else None), ShareReport.decided_at.is_(None)
        others = len(session.scalars(select(ShareReport.id).where(*open_reports)).all()) - 1 if share else 0
        self.update_redirect()
        return self.render_template(
            "console/report.html",
            report=report,
            share=share,
            image=image,
            # What its owner did not show, staff do not read for this.
            prompt=order.prompt if order and share and share.show_prompt else "",
            model=catalogue.known(order.model) if order else None,
            others=others,
            reasons=reports.REASONS,
            urgent=reports.FIRST,
            staff=members.read(session),
            may=self.appbuilder.sm.has_access,
        )

    @expose("/<uuid:report_id>/picture")
    @has_access
    def picture(self, report_id: UUID) -> Any:
        """The picture as anybody sees it at its address."""
        _report, share = _found(web.session(), report_id)
        if share is None or share.shown_key is None:
            raise NotYours(_("The page is gone, and its picture with it."))
        answer = Response(opened(web.parts().storage, share.shown_key), mimetype="image/webp")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @expose("/<uuid:report_id>/decide", methods=["POST"])
    @has_access
    def decide(self, report_id: UUID) -> Any:
        """Leave the page or take it down; those who are concerned are told."""
        session, parts, do = web.session(), web.parts(), request.form.get("do")
        report, share = _found(session, report_id)
        staff = officer().staff
        assert staff is not None
        if do not in ("leave", "down"):
            flash(gettext("Choose whether it stays or goes. Nothing was changed."), "danger")
            return redirect(url_for("Reports.show", report_id=report_id))
        try:
            owner, told = reports.decide(parts, session, report_id, do == "down", staff, parts.clock())
        except reports.Decided as error:
            session.rollback()
            flash(gettext(error.text), "danger")
            return redirect(url_for("Reports.show", report_id=report_id))
        _wrote_down(session, Action.REPORT_DECIDED, report, owner, decision=report.decision or "")
        session.commit()
        failed = reports.tell(parts, told)
        said = gettext("The page is down.") if do == "down" and share else gettext("Decided. The page stays as it is.")
        flash(said, "success")
        if failed:
            flash(gettext("The decision stands, but a letter about it did not go out."), "warning")
        return redirect(url_for("Reports.listed"))


def _found(session: Session, report_id: UUID) -> tuple[ShareReport, Share | None]:
    report = session.get(ShareReport, report_id)
    if report is None:
        raise NotYours(_("There is no such report."))
    return report, session.get(Share, report.share_id) if report.share_id else None


def _wrote_down(
    session: Session, action: Action, report: ShareReport, account_id: UUID | None, **facts: object
) -> None:
    parts = web.parts()
    record(
        session,
        at=parts.clock(),
        actor=str(officer()),
        action=action,
        subject=digests.of_subject(parts.settings, account_id) if account_id else None,
        facts={"report": str(report.id), "why": report.reason, **facts},
    )
