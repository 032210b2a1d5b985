//! Families of letters that were written once and sent by many.
