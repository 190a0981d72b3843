"""How paper gets in: scans are admitted, judged, cleaned, read, described, compared and given a text layer."""
