"""The renderer on this machine, as a provider: its own little upstream with a table of jobs and a lane that works them off."""
