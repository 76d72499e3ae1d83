"""Who stands in for whom, and from when to when."""
