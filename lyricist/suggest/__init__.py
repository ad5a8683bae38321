"""Suggestions: cached hidden states, sampling, the service process and its client."""
