//! How to draw on a stream: its width, its colours, its signs.

/// How to draw on one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// In characters, 40 to 200.
    pub width: usize,
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// Whether to keep to ASCII.
    pub ascii: bool,
}
