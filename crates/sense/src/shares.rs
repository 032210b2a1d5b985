//! Shares out a budget in proportion to the votes.
