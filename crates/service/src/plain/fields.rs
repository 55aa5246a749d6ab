//! The fields of a message, one after another: only the next one is copied.

#[derive(Debug, Default)]
pub(super) struct Fields {
    message: Vec<u8>,
    /// What comes before is done.
    from: usize,
}

impl Fields {
    pub(super) fn of(message: Vec<u8>) -> Self {
        Self { message, from: 0 }
    }

    /// Bytes of memory that it holds.
    pub(super) fn held(&self) -> usize {
        self.message.capacity()
    }
}

impl Iterator for Fields {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        while let Some(rest) = self.message.get(self.from..)
            && !rest.is_empty()
        {
            let end = rest.iter().position(|byte| b",;\t".contains(byte));
            let end = end.unwrap_or(rest.len());
            self.from += end + 1;
            let field = rest.get(..end).unwrap_or_default().trim_ascii();
            if !field.is_empty() {
                return Some(field.to_vec());
            }
        }
        *self = Self::default();
        None
    }
}
