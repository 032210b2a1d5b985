//! Signs that a machine may have sent a contribution. Nothing is refused for them: the team looks at what has one before
//! it is published with others, and can set it aside.

crate::words! {
    /// What speaks for a machine.
    Sign {
        /// A field was filled in that people cannot see.
        Trap = "trap",
        /// It was sent within seconds of its beginning.
        Quick = "quick",
        /// It came while more were sent than the node is set to take without delay.
        Flood = "flood",
    }
}
