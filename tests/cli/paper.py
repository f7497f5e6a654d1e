"""Configs for the command line: one whose style edits leave alone, and what may follow `feeds:`."""

HEAD = """# my papers
poll: {host_gap: 0s, spread: 0s, allow_private: [127.0.0.0/8]}   # quick

feeds:
    # the first
    - url: https://one.example/rss   # the best
      title: One Paper
"""

TAGGED = """
tags:
  energy: [gas]
outputs:
  - {name: all, title: All}
  - {name: gas, title: Gas, include: tag:energy}
"""
