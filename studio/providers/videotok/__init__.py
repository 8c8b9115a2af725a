"""Videotok behind the contract of a provider."""
