"""Pressure, readings, evidence and verdicts: pure arithmetic on values that the roof hands in."""
