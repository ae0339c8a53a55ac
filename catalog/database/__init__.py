"""The database: engines, locks, bulk inserts, safe SQL functions."""
