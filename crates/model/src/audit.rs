//! The one place where a number that blew up is caught.

/// What is audited, by position.
pub const QUANTITIES: &[&str] = &["offence", "defence", "output", "threat", "mistrust", "perceived balance"];
