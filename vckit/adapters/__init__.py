"""Where the kit meets a framework, a network or a disk."""
