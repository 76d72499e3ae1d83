"""The stages, one file each, in the order of articles 5 and 6; `regulation.definition` gives those of a call."""
