"""Acts that people sign with keys of their own: what an act says in words, signing it offline, preparing it here."""
