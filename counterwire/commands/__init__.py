"""The commands, one file each: they read options, call the house, and print."""
