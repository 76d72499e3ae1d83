"""The six stages, one file each, in the order of article 5 and 6."""
