"""Questions of a panel and their answers, which change nothing in the frozen papers."""
