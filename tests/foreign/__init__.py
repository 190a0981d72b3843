"""Other people's programs judge what the product publishes; each must also refuse what was falsified."""
