"""Policies inside larger documents: one module for each format, ``detect`` to tell them apart."""
