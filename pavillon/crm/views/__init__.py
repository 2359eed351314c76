"""Pages: requests, interactions and the company's record, routing, "my requests"."""
