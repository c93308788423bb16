"""Runs SHACL and the checks of sources, and returns findings."""
