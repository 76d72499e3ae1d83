"""What a benchmark needs: the house running, cases that wait, what processes cost, and the flows to compare with."""
