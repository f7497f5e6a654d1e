"""Real feed readers, subscribed to the real daemon, and what they show as new."""
