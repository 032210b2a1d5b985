//! Codes new texts as people coded others, and says when it cannot.
