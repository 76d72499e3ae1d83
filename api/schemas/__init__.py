"""What is told and what is taken: the shapes of answers and of requests, never those of tables."""
