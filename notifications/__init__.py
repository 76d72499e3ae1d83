"""Letters: from a message row to an e-mail that left."""
