"""The lifecycles, one declaration per profile."""
