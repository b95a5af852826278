"""Updates: off unless a policy names where they come from and whose signature counts."""
