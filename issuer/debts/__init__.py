"""What a municipality is owed: the exports it hands over, read by declared dialects, and kept."""
