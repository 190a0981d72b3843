-- Who may read a file is asked of the file: grants are found by the files and fonds that they name.
CREATE INDEX ON projection.access_grant USING gin (files);
CREATE INDEX ON projection.access_grant USING gin (fonds);
