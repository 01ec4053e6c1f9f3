"""The database's history. Migrations import no models and are safe with the release before."""
