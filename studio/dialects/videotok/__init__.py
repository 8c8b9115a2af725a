"""Videotok's REST API v1: `wire` has its messages, `reading` the ways its answers may look, `codec` turns inputs into them and back."""
