"""The first story, lived by its people in real browsers against real processes."""
