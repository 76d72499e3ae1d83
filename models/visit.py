"""What belongs to a visit beside its findings: agreed dates, photos, signatures."""
