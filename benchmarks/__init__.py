"""What the product's speed is measured against: each figure beside its peer or limit, in the same run."""
