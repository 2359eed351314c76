"""Data that others bring: partners' files, signals from outside sources, exchanges agreed with public bodies."""
