"""The service: gathers posts and reports, reads them, and puts each on the desk that must act."""
