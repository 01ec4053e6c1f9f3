"""What a person gets: the account of what is held, the export package, the report, the certificate."""
