//! Sizes of buffers: the twins of the size macros (PSA 1.5, chapters 9 and 10).
