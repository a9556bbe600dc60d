"""Faults: rules that make calls fail on purpose."""
