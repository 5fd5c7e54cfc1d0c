"""The tests of rules: cases run, what they reach and would miss, and those that are missing."""
