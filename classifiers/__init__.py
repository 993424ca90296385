"""The pure library: Vietnamese text in, predictions out. No database, web, network, environment or clock."""
