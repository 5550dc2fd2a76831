"""What belongs together: arms, studies, lists of numbers, outcomes."""
