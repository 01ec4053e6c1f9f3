"""The certificate says what went, what stays, that nothing is left; it names nobody, and can be checked."""

import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.orm import Session

from compliance.errors import StepFailed
from compliance.export import certificate, proof
from imgpilot import digests
from imgpilot.parts import Parts
from tests.export.erased import carried_out, erased
from tests.export.test_report import words
from tests.world import Somebody, stands_in


def attached(pdf: bytes) -> dict[str, bytes]:
    """The files inside."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        relations = {str(one.UF): str(one.AFRelationship) for one in file.Root.AF}
        assert relations == {"certificate.json": "/Data", "certificate.sig": "/Supplement"}
        return {name: each.get_file().read_bytes() for name, each in file.attachments.items()}


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_certificate_holds_no_name_no_address_and_no_key_of_hers(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody, language: str
) -> None:
    account, mark = ana.account.id, ana.mark
    pdf = erased(session, parts, ana, language)
    everything = words(pdf) + "".join(data.decode("latin-1") for data in attached(pdf).values())
    assert not stands_in(mark, everything) and not stands_in("BOB", everything)
    for trace in ("ana@", "example.com", str(account), str(account)[:8]):
        assert trace not in everything
    with pikepdf.open(io.BytesIO(pdf)) as file:
        about = str(file.docinfo) + file.Root.Metadata.read_bytes().decode()
    assert not stands_in(mark, about) and "ana@" not in about


def test_the_certificate_says_what_went_what_stays_until_when_and_that_nothing_was_found(
    session: Session, parts: Parts, ana: Somebody
) -> None:
    subject = digests.of_subject(parts.settings, ana.account.id)
    request, plan, evidence = carried_out(session, parts, ana)
    pdf = certificate.erasure_certificate(
        request=request, plan=plan, evidence=evidence, settings=parts.settings, now=parts.clock()
    )
    read, facts = words(pdf), json.loads(attached(pdf)["certificate.json"])
    for said in (
        request.case,
        "Pictures you made",
        "Lines in your disclosure log",
        "GDPR 5(2)",
        "3 years",
        "0 found",
        "is cleared when it is sent",
        "Mail delivery",
        "Up to 30 days, in delivery logs",
        "Rows erased in one transaction",
    ):
        assert said in read, said
    squeezed = read.replace(" ", "")
    for digest in (subject, plan.digest, attached(pdf)["certificate.sig"].hex()):
        assert digest in squeezed
    assert {line["table"]: line["rows"] for line in facts["went"]} == evidence["erase rows"]["deleted"]
    assert {line["table"]: line["rows"] for line in facts["stays"]} == evidence["erase rows"]["scrubbed"]
    assert all(line["ground"] and line["until"] for line in facts["stays"])
    assert facts["searched_again"]["found"] == facts["searched_again"]["objects"] == 0
    assert facts["plan"]["sha256"] == plan.digest
    assert facts["subject"] == subject


def test_the_signature_covers_the_facts_in_canonical_form(
    session: Session, parts: Parts, ana: Somebody, tmp_path: Path
) -> None:
    files = attached(erased(session, parts, ana))
    raw, signature = files["certificate.json"], files["certificate.sig"]
    assert rfc8785.dumps(json.loads(raw)) == raw
    key = parts.settings.signing.public_key()
    key.verify(signature, raw)
    with pytest.raises(InvalidSignature):
        key.verify(signature, raw.replace(b'"found":0', b'"found":1'))
    (tmp_path / "key.pem").write_bytes(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in certificate.json -sigfile certificate.sig"
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_the_certificate_says_that_others_mention_the_address(session: Session, parts: Parts, ana: Somebody) -> None:
    request, plan, evidence = carried_out(session, parts, ana)
    evidence["look again"]["elsewhere"] = {"generation.prompt": 2, "ab_user.email": 1}
    given: dict[str, Any] = {"request": request, "plan": plan, "evidence": evidence}
    pdf = certificate.erasure_certificate(**given, settings=parts.settings, now=parts.clock())
    assert "mention the address: 3." in words(pdf)
    facts = json.loads(attached(pdf)["certificate.json"])
    assert facts["searched_again"]["elsewhere"] == {"generation.prompt": 2, "ab_user.email": 1}


def test_the_certificate_states_what_was_done_and_not_what_was_planned(
    session: Session, parts: Parts, ana: Somebody
) -> None:
    request, plan, evidence = carried_out(session, parts, ana)
    plan.body = plan.body | {"tables": [], "recipients": []}
    stated = proof.facts(request, plan, evidence, parts.clock())
    assert {line["table"]: line["rows"] for line in stated["went"]} == evidence["erase rows"]["deleted"]
    assert {line["table"]: line["rows"] for line in stated["stays"]} == evidence["erase rows"]["scrubbed"]
    assert sum(line["objects"] for line in stated["went"]) == evidence["erase rows"]["objects"] == 7


def test_a_receipt_that_was_not_delivered_is_stated(session: Session, parts: Parts, ana: Somebody) -> None:
    request, plan, evidence = carried_out(session, parts, ana)
    evidence["tell acknowledgement"] = {"at": parts.clock(), "delivered": False}
    given: dict[str, Any] = {"request": request, "plan": plan, "evidence": evidence}
    pdf = certificate.erasure_certificate(**given, settings=parts.settings, now=parts.clock())
    assert "refused the letter" in words(pdf)


def refused(session: Session, parts: Parts, somebody: Somebody, evidence_of: str, **said: Any) -> str:
    """Why there is no certificate if a step's evidence is missing, or says this."""
    request, plan, evidence = carried_out(session, parts, somebody)
    if said:
        evidence[evidence_of] |= said
    else:
        del evidence[evidence_of]
    with pytest.raises(StepFailed) as failed:
        certificate.erasure_certificate(
            request=request, plan=plan, evidence=evidence, settings=parts.settings, now=parts.clock()
        )
    assert not failed.value.again
    return str(failed.value)


def test_without_a_second_look_that_found_nothing_there_is_no_certificate(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody
) -> None:
    assert "look again" in refused(session, parts, ana, "look again")
    assert "found something" in refused(session, parts, bob, "look again", found=1)


def test_without_the_account_gone_and_every_file_removed_there_is_no_certificate(
    session: Session, parts: Parts, ana: Somebody, bob: Somebody
) -> None:
    assert "account itself" in refused(session, parts, ana, "erase rows", deleted={"image": 1})
    assert "files were not removed" in refused(session, parts, bob, "remove objects", removed=3)


def in_words(parts: Parts, given: tuple[Any, Any, dict[str, Any]]) -> tuple[str, dict[str, Any]]:
    """What the certificate of this says on paper, and the facts in it."""
    request, plan, evidence = given
    pdf = certificate.erasure_certificate(
        request=request, plan=plan, evidence=evidence, settings=parts.settings, now=parts.clock()
    )
    return words(pdf), json.loads(attached(pdf)["certificate.json"])


def test_what_a_ground_keeps_with_the_person_is_listed_and_the_certificate_is_in_part(
    session: Session, parts: Parts, ana: Somebody
) -> None:
    aside = {"credit_entry": {"ground": "legal-duty", "until": "2033-12-31"}}
    read, facts = in_words(parts, carried_out(session, parts, ana, aside=aside))
    for said in (
        "Certificate of erasure in part",
        "Erased in part, and searched again",
        "What was not deleted, and why",
        "A law obliges us to keep it.",
        "GDPR 17(3)(b)",
        "31 December 2033",
        "Something that is kept hangs on it.",
    ):
        assert said in read, said
    assert "carried out in full" not in read
    kept = {line["table"]: (line["rows"], line["law"]) for line in facts["kept"]}
    assert kept["credit_entry"] == (2, "GDPR 17(3)(b); Cal. Civ. Code 1798.105(d)(8)")
    assert kept["account"][0] == 1
    assert "account" not in {line["table"] for line in facts["went"]}


def test_it_says_which_company_was_told_when_and_which_was_not(session: Session, parts: Parts, ana: Somebody) -> None:
    given = carried_out(session, parts, ana)
    now, evidence = parts.clock(), given[2]
    evidence["note recipients"]["recipients"] = [
        {"processor": key, "times": 2, "keeps": "", "notice": said}
        for key, said in (("mail", "due"), ("openai", "due"), ("cloudflare", "removed"), ("gone-by", "due"))
    ]
    evidence |= {
        "notify mail": {
            "at": now,
            "state": "done",
            "processor": "mail",
            "sent_to": "privacy@mail.example",
            "notice": "IP-2026-0002/mail",
            "by": "2026-12-23",
            "disclosure": str(given[0].id),
            "answer": "none",
        },
        "notify openai": {"at": now, "state": "skipped", "skipped by": 3, "reason": "Ana called, they are closed"},
        "notify gone-by": {"at": now, "state": "skipped", "skipped by": 3, "reason": "It does not exist any more"},
        "cool off": {"at": None, "state": "skipped"},
        "keep tombstone": {"at": now, "subject": given[0].subject, "object": "tombstones/x.json", "kept": 0},
        "purge copies": {"at": now, "configured": False, "purged": 0},
    }
    read, facts = in_words(parts, given)
    for said in (
        "Notice to Mail delivery",
        "notice IP-2026-0002/mail",
        "answer by 23 December 2026",
        "Not told: we removed what it stored for us",
        "Not told: it could not be, or only out of proportion (GDPR 19)",
        "Not done: an officer left it out; the reason is in the case",
        "Mark kept, so that a restored backup is erased again",
        "nothing is served through a cache",
    ):
        assert said in read, said
    assert "Time to take it back" not in read
    notices = {each["processor"]: (each["notice"], bool(each["told_at"])) for each in facts["recipients"]}
    assert notices == {
        "mail": ("told", True),
        "openai": ("skipped", False),
        "cloudflare": ("removed", False),
        "gone-by": ("skipped", False),
    }
    everything = read + json.dumps(facts)
    for not_stated in ("Ana called", "privacy@mail.example", "skipped by"):
        assert not_stated not in everything
