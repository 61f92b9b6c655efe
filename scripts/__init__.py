"""Scripts for whoever works on the house; the portal itself needs none of them."""
