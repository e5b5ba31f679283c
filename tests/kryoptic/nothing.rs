//! Cargo builds the dependencies, which is all that is wanted.
