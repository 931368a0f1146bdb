//! From text to values with their place in the text: RON as a tree, typed reading of it, dates, and messages about what is wrong.

pub(crate) mod date;
pub(crate) mod problem;
pub(crate) mod reader;
pub(crate) mod text;
pub(crate) mod words;
