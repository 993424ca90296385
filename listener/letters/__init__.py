"""Letters: phiếu chuyển, công văn and answers on paper, numbered, kept, in the form of NĐ 30/2020."""
