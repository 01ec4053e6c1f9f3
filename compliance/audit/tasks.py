"""What Celery calls to seal the audit log; beat does so every few seconds."""

from compliance.audit.seal import seal
from imgpilot import worker


@worker.celery.task(name="audit.seal")
def seal_the_log() -> None:
    """Seal what is settled. May run twice or at once with another: only one seals."""
    seal(worker.parts(), worker.now())
