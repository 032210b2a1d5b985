//! The Atom feed (RFC 4287) of published contributions.
