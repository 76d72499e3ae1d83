"""Steps that open and close the rounds of a stage."""

from casework import rounds
from tasks.step import Step

open_round = Step(rounds.open_round)
close_round = Step(rounds.close_round)
call_the_chair = Step(rounds.call_the_chair)
