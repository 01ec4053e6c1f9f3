"""Pictures drawn by arithmetic: what the sandbox's image provider answers with."""

from imgpilot.sandbox.painting.painter import paint, preview

__all__ = ["paint", "preview"]
