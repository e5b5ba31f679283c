//! Safe wrappers around aws-lc: one small file per object of that library. Nothing outside of this folder is
//! `unsafe` in the native engine.

pub(super) mod random;
