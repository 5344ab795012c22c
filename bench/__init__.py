"""Benchmarks: ratios of work measured side by side in one run, never milliseconds alone."""
