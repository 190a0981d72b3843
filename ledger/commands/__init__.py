"""The acts people perform, one module per aggregate: each loads streams, asks the domain, returns a receipt."""
