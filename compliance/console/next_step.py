"""The one thing to do now in a case, and why: by its state, its proof, its clock, and who looks."""

from dataclasses import dataclass
from datetime import datetime

from compliance.console import evidence
from compliance.console.case import Case
from compliance.console.spoken import gettext
from compliance.console.timeline import PAUSED_FOR
from compliance.requests import identity_levels, progress
from compliance.requests.conditions import needs_second
from compliance.requests.kinds import Outcome, Proof, State
from compliance.requests.moves import Actor, Who
from compliance.requests.procedures import can_be_skipped
from imgpilot.look.figures import day, moment, number, said

_day, _moment, _number = said(day), said(moment), said(number)


@dataclass(frozen=True)
class Next:
    """What the panel at the top says. `deeds` are the keys of its buttons, the one to press last."""

    title: str
    why: str
    deeds: tuple[str, ...] = ()
    tone: str = ""
    #: False: there is nothing to do but wait, so no button stands out.
    press: bool = True


def of(case: Case, actor: Actor, now: datetime) -> Next:
    """The next step of this case for this member of staff."""
    if case.stuck is not None:
        return _stuck(case)
    say = _BY_STATE.get(State(case.request.state))
    return say(case, actor, now) if say else _closed(case)


def _received(_case: Case, _actor: Actor, _now: datetime) -> Next:
    return Next(
        gettext("Nothing to do yet"),
        gettext("The receipt is being sent and everything is being counted. It takes a few seconds."),
    )


def _cooling(case: Case, _actor: Actor, _now: datetime) -> Next:
    return Next(
        gettext("Nothing to do: cooling off until %(moment)s", moment=_moment(case.request.cool_until)),
        gettext("Until then the person can take the deletion back. Afterwards it is carried out by itself."),
    )


def _stuck(case: Case) -> Next:
    step = case.stuck
    assert step is not None
    what = evidence.named(step)
    skip = can_be_skipped(step.name, case.request.contact is not None)
    advice = gettext("Try again, or leave it out.") if skip else gettext("Put right what it says, then try again.")
    return Next(
        gettext("This step failed: %(step)s", step=what),
        f"{step.failure or ''} {advice}".strip(),
        ("skip", "retry") if skip else ("retry",),
        "late",
    )


def _proving(case: Case, _actor: Actor, _now: datetime) -> Next:
    request = case.request
    asked = any(check.method == "further" and not (check.passed_at or check.failed_at) for check in case.checks)
    if asked and request.paused_on is None:
        why = gettext("More was asked for. Accept what they show, or reject it.")
        return Next(gettext("Waiting for the person"), why, ("reject", "accept"), press=False)
    if not asked and Proof(request.proof) is not Proof.NONE and request.account_id is None:
        if request.claimed_id is not None:
            return Next(
                gettext("Check first who asks: they name an account with another address"),
                gettext("Ask for what only its owner knows. Nothing of that account is shown or done before."),
                ("refuse", "ask"),
            )
        return Next(
            gettext("Decide: the address is proved, and no account belongs to it"),
            gettext("If nothing is held under what they gave, say so and refuse on that ground. If they mean an account"
                    " with another address, ask for more."),
            ("ask", "refuse"),
        )  # fmt: skip
    if request.paused_on is not None:
        why = gettext("The clock stands since %(day)s: %(reason)s.", day=_day(request.paused_on), reason=_paused(case))
        return Next(gettext("Waiting for the person"), why, ("reject", "accept"), press=False)
    sent = next((step for step in reversed(case.steps) if step.name.startswith("tell confirm") and step.done_at), None)
    if sent is not None:
        why = gettext(
            "The link that proves the address went out on %(moment)s. Nothing of an account is shown or done before.",
            moment=_moment(sent.done_at),
        )
    else:
        why = gettext("The link that proves the address is being sent. Nothing of an account is shown or done before.")
    return Next(gettext("Waiting for the person until %(day)s", day=_day(request.due_on)), why, ("ask",), press=False)


def _paused(case: Case) -> str:
    reason = case.request.paused_for or ""
    return gettext(PAUSED_FOR.get(reason, reason))


def _review(case: Case, actor: Actor, now: datetime) -> Next:
    request, by = case.request, _day(case.request.due_on)
    late = progress.clock(request, now).over > 0
    tone = "late" if late else ""
    if request.paused_on is not None:
        return Next(
            gettext("The clock stands since %(day)s", day=_day(request.paused_on)),
            gettext("Because %(reason)s. Let it run again when the answer is there.", reason=_paused(case)),
            ("resume",),
        )
    if not identity_levels.enough(request):
        return Next(
            gettext("Check first who asks"),
            gettext("The proof is not enough for this. Ask for more, or accept what was shown."),
            ("ask", "accept"),
        )
    if Who.OFFICER not in actor.hats:
        return Next(
            gettext("An officer decides by %(day)s", day=by) if not late else gettext("An officer decides: it is late"),
            gettext("The plan is counted. Prepare what the decision needs: comments, files, an acknowledgement."),
            tone=tone,
        )
    if actor.staff in case.overruled:
        return Next(
            gettext("Somebody else decides by %(day)s: an appeal overturned your decision", day=by),
            gettext("Give the case to a colleague, or call one in a comment, with @ and their name."),
            tone=tone,
        )
    second = needs_second(request)
    if late:
        title = gettext("Check the plan and decide now: it was due %(day)s", day=by)
    else:
        title = gettext("Check the plan and decide by %(day)s", day=by)
    more = gettext(
        "The person did not ask while signed in, so somebody else then has to agree."
    ) if second else gettext("Nothing is done until you approve.")  # fmt: skip
    return Next(title, f"{tally(case)} {more}".strip(), ("refuse", "propose" if second else "approve"), tone)


def tally(case: Case) -> str:
    """What the plan does, in a sentence."""
    plan = case.plan.body if case.plan else {}
    if not plan.get("tables"):
        return gettext("The plan touches nothing that is held.")
    if plan["kind"] == "deletion":
        words = gettext(
            "%(go)s items go, %(stay)s stay without the person.",
            go=_number(plan["goes"]),
            stay=_number(plan["stays"]),
        )
        kept = gettext("%(kept)s are kept on a ground.", kept=_number(plan["kept"])) if plan.get("kept") else ""
        return f"{words} {kept}".strip()
    if plan.get("restricted"):
        return gettext("%(items)s items are restricted.", items=_number(plan["restricted"]))
    if plan.get("copied") or plan.get("withheld"):
        words = gettext("%(items)s items are copied.", items=_number(plan["copied"]))
        held = gettext("%(items)s are withheld.", items=_number(plan["withheld"])) if plan.get("withheld") else ""
        return f"{words} {held}".strip()
    return gettext("%(items)s items are touched.", items=_number(sum(line["rows"] for line in plan["tables"])))


def _second(case: Case, actor: Actor, _now: datetime) -> Next:
    name = case.name(case.request.proposed_by) or gettext("a colleague")
    by = _day(case.request.due_on)
    if actor.staff == case.request.proposed_by:
        return Next(
            gettext("Somebody else must agree by %(day)s: you proposed it", day=by),
            gettext("Call a colleague in a comment, with @ and their name. You can still send it back."),
            ("send-back",),
            press=False,
        )
    title = gettext("Somebody else must agree by %(day)s: %(name)s proposed it", day=by, name=name)
    if not actor.hats & {Who.OFFICER, Who.APPROVER} or actor.staff in case.overruled:
        return Next(title, gettext("An approver or another officer checks the plan now."))
    return Next(title, gettext("%(tally)s Check it as if it were yours.", tally=tally(case)), ("send-back", "confirm"))


def _running(case: Case, _actor: Actor, _now: datetime) -> Next:
    counted = [step for step in case.steps if step.phase == "carry out" and step.state != "dropped"]
    done = sum(step.state in ("done", "skipped") for step in counted)
    return Next(
        gettext("Nothing to do: it is being carried out"),
        gettext("%(done)s of %(all)s steps are done.", done=done, all=len(counted)),
    )


def _appealed(case: Case, actor: Actor, _now: datetime) -> Next:
    by = _day(case.request.due_on)
    if not actor.hats & {Who.OFFICER, Who.APPROVER}:
        return Next(gettext("An officer judges the appeal by %(day)s", day=by), gettext("Read below what they say."))
    if actor.staff in (case.request.decided_by, case.request.proposed_by):
        return Next(
            gettext("Somebody else judges the appeal by %(day)s: you decided this", day=by),
            gettext("Call a colleague in a comment, with @ and their name."),
        )
    return Next(
        gettext("Judge the appeal by %(day)s", day=by),
        gettext("Read what they say and what was decided. You did not decide it, so you can judge it."),
        ("deny", "uphold"),
    )


def _closed(case: Case) -> Next:
    request = case.request
    when = _day(request.closed_at)
    match State(request.state):
        case State.REFUSED if request.appealed_at and request.outcome == Outcome.REFUSED:
            return Next(gettext("Done: refused, and the appeal too, on %(day)s", day=when), _complain())
        case State.REFUSED:
            return Next(gettext("Done: refused on %(day)s", day=when), _appealable())
        case State.WITHDRAWN:
            return Next(gettext("Done: withdrawn on %(day)s", day=when), gettext("Nothing was carried out."))
        case State.MERGED:
            into = next((one.case for one in case.related if one.id == request.merged_into), "")
            return Next(gettext("Done: it goes on in %(case)s", case=into), gettext("With the earlier of the clocks."))
    if request.outcome == Outcome.PARTIAL:
        return Next(gettext("Done: answered in part on %(day)s", day=when), _appealable())
    proof = gettext("The certificate says what went, what stays, and that nothing was found afterwards.")
    return Next(
        gettext("Done: answered on %(day)s", day=when),
        proof if "certificate" in case.packages else gettext("The steps below prove it."),
    )


def _appealable() -> str:
    return gettext("The person can appeal for 60 days; somebody who did not decide it then looks again.")


def _complain() -> str:
    return gettext("The letter names the authority that can look at it now.")


_BY_STATE = {
    State.PROVING: _proving,
    State.RECEIVED: _received,
    State.REVIEW: _review,
    State.SECOND: _second,
    State.COOLING: _cooling,
    State.RUNNING: _running,
    State.APPEALED: _appealed,
}
