"""Many policies at once: one after the other, in processes, or on a Dask cluster."""
