//! How far coders agree, beyond what chance would give.
