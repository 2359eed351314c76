"""What other rooms and pages ask here."""
