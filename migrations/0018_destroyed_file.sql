-- The act that recorded a file's destruction: null while it is kept. Rows written by a program that does not know the
-- column yet are of files that are kept, since nothing older can record a destruction.

ALTER TABLE projection.file ADD COLUMN destroyed bigint;
