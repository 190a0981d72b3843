"""A witness of logs (C2SP tlog-witness), and the asking of witnesses for cosignatures over one's own checkpoints."""
