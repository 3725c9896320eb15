"""Every request at once, one formula: the encoding for the solver."""
