"""Tools that formats are made of: streams of JSON and XML, compression, days, names, Markdown."""
