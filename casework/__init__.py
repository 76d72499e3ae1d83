"""Acts and questions of the procedure: plain functions, `session` first, never a commit."""
