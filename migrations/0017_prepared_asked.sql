-- A prepared act is asked for again under its own id and stays the same act: what was asked, and who signs, lie with it.
-- Whoever submits holds its rows locked from the look to the end, so that no sweep takes ciphertexts from under an append;
-- PostgreSQL lets a role lock rows that it may update in one column at least.

ALTER TABLE sealed.prepared_act
    ADD COLUMN asked bytea CHECK (octet_length(asked) = 32),
    ADD COLUMN vkeys text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN sealed.prepared_act.asked IS 'keyed digest of the unsealed command; null for acts prepared before there was one';
COMMENT ON COLUMN sealed.prepared_act.vkeys IS 'verifier keys of the signers, in their order';

GRANT UPDATE (expires_at) ON sealed.prepared_act TO mocban_ledger_writer;
GRANT UPDATE (pointer) ON sealed.prepared_field TO mocban_ledger_writer;
