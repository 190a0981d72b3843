"""All DDL: `NNNN_noun.sql`, applied in order by `mocban.migrate`. Nothing else creates or alters a table."""
