"""The dynamic Nornir inventory: hosts and groups from the events, now or as of any past moment."""
