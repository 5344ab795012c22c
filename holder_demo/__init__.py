"""A wallet to try things with, the tests' other party, and the demo that starts everything."""
