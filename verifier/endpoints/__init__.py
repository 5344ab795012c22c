"""One module for each group of addresses; a view parses, calls one use case and answers."""
