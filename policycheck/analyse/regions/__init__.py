"""The requests that policies allow, as disjoint and complete regions (docs/regions.md).

The request space is cut by the policies' literals into cells, one part of a request at a time; the
concrete evaluator says of one request of each cell which statements' elements hold there; a
decision diagram over the cells gives the regions; the solver proves that they are right.
"""
