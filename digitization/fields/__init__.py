"""One module per data field of a document (Decree 30/2020/NĐ-CP, Appendix VI), each a pure function of its lines."""
