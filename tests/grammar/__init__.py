"""The letter of each format: what a rule of RFC 4287, RSS 2.0 or JSON Feed 1.1 has against a document."""
