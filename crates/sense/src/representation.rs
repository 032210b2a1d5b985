//! Who took part, against the population, and who is missing.
