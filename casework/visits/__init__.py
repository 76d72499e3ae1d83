"""Visits 实地考察: who may go, on which day, what is compared, photographed and signed (Art. 5(4))."""
