"""Runs Backlot: the supervisor of the one command, and the single processes that a deployment starts by itself.

Nothing here loads Django except the processes that need it, so that the supervisor stays small.
"""
