"""The pages for people, done as they say: commands typed, files written, answers compared."""
