"""Ten minutes of a busy office while one process after the other is killed, drawn by lot."""
