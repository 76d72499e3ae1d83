"""What knows nothing of cases: settings, database, clock, errors, security, files, languages, logging."""
