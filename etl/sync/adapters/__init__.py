"""Scheduled sources: one module for each publisher."""
