"""Recommending and accepting (Art. 5(3)): check lists, scans, ranks, places, and the papers that come of them."""
