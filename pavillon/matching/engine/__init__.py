"""The pure matching engine: no Django, no database, no company. `pavillon link` runs it on any file."""
