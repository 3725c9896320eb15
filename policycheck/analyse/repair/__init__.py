"""Edits after which every assertion is proved."""
