"""Influencer Studio's REST API v1, read and written."""
