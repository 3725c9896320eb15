"""policycheck proves properties of API Gateway resource policies."""
