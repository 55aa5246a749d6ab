//! An array that is never whole in memory.

use std::{fmt, ops::Range, sync::Arc};

use crate::Reply;

/// How many are made at once.
const PAGE: usize = 16;

/// Replies that are made when it is their turn to be written, a few at a time.
///
/// ```
/// use proto::{Reply, Rows, Version};
///
/// let square = |n: usize| Reply::text(&(n * n).to_string());
/// let squares = Rows::new(3, move |page| page.map(square).collect());
/// let mut bytes = Vec::new();
/// Reply::Rows(squares).encode(Version::Resp2, &mut bytes);
/// assert_eq!(bytes, b"*3\r\n$1\r\n0\r\n$1\r\n1\r\n$1\r\n4\r\n");
/// ```
#[derive(Clone)]
pub struct Rows {
    count: usize,
    page: Arc<dyn Fn(Range<usize>) -> Vec<Reply> + Send + Sync>,
}

impl Rows {
    /// `count` replies; `page` makes all those of a range, which counts from 0.
    pub fn new(
        count: usize,
        page: impl Fn(Range<usize>) -> Vec<Reply> + Send + Sync + 'static,
    ) -> Self {
        Self {
            count,
            page: Arc::new(page),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Makes those of a range, which counts from 0; none past the last.
    #[must_use]
    pub fn page(&self, range: Range<usize>) -> Vec<Reply> {
        (self.page)(range.start.min(self.count)..range.end.min(self.count))
    }

    /// Makes one after the other.
    pub fn iter(&self) -> impl Iterator<Item = Reply> {
        let starts = (0..self.count).step_by(PAGE);
        starts.flat_map(|start| (self.page)(start..self.count.min(start + PAGE)))
    }
}

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Rows {}

impl fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Rows({})", self.count)
    }
}
