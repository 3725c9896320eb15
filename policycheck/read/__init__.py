"""Text in, model out: the only place that parses."""
