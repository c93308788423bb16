"""Makes a release out of the sources, step by step, all or nothing."""
