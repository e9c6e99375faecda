"""The commands of the command line, by what they are about: each parses, makes one call, prints, exits."""
