"""One request, one decision: the definition of what a policy means."""
