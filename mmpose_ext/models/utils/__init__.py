"""Checks, building and shared settings of the models."""
