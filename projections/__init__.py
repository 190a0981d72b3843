"""What can be asked: views folded from the log, in pages, exactly once. Disposable: the log rebuilds them."""
