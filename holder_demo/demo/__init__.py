"""The demo: every service as a process of its own, and one resident's journey through them."""
