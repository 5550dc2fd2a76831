"""What stands in a sentence: names, numbers, outcomes, times, populations."""
