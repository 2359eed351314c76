"""What each person of the story does, in the order of the story."""
