"""Who may ask, over HTTP. Litestar enters the product only here."""
