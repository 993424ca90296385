"""Departments, areas, owners, sources, watch terms, holidays: shapes, checks, starter packs."""
