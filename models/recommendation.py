"""What a recommending body adds to its opinion: the check list, the signed scan, the ranking."""
