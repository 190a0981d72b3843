"""Tests of the signing floor."""
