//! What divides and what unites people, by their votes on statements.
