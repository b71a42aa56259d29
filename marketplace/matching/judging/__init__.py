"""The judging desk: pools, grades, agreement, and the set that `evaluate` measures on."""
