//! The counters that all clients share: the smallest state there is to race for.

use std::{collections::HashMap, sync::Mutex, thread, time::Duration};

use crate::lock::lock;

/// Names and values.
#[derive(Debug)]
pub(crate) struct Counters {
    unlocked: bool,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    values: HashMap<Vec<u8>, i64>,
    name_bytes: usize,
}

/// Why a counter was not increased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    Overflow,
    /// The names of all counters together would take more than [`NAME_BYTES`].
    Full,
}

/// Bytes that the names of all counters may take together: 64 MiB. Clients must not fill
/// the memory with names.
pub(crate) const NAME_BYTES: usize = 64 * 1024 * 1024;
/// What a counter takes beside the bytes of its name, about.
const OVERHEAD: usize = 64;

/// How long an unlocked update looks away between its read and its write.
const PAUSE: Duration = Duration::from_millis(1);

impl Counters {
    pub(crate) fn new(unlocked: bool) -> Self {
        Self {
            unlocked,
            table: Mutex::default(),
        }
    }

    /// The counter's value; 0 as long as nobody has increased it.
    pub(crate) fn get(&self, counter: &[u8]) -> i64 {
        lock(&self.table).get(counter)
    }

    /// Adds `amount` and gives the new value.
    pub(crate) fn add(&self, counter: Vec<u8>, amount: i64) -> Result<i64, Refused> {
        if self.unlocked {
            return self.add_in_two_critical_sections(counter, amount);
        }
        let mut table = lock(&self.table);
        let value = table
            .get(&counter)
            .checked_add(amount)
            .ok_or(Refused::Overflow)?;
        table.set(counter, value)
    }

    /// The lost update. Both sections take the lock, so there is no data race for the
    /// compiler to refuse; another client's write between them is overwritten all the
    /// same.
    fn add_in_two_critical_sections(
        &self,
        counter: Vec<u8>,
        amount: i64,
    ) -> Result<i64, Refused> {
        let read = self.get(&counter);
        thread::sleep(PAUSE);
        let value = read.checked_add(amount).ok_or(Refused::Overflow)?;
        lock(&self.table).set(counter, value)
    }
}

impl Table {
    fn get(&self, counter: &[u8]) -> i64 {
        self.values.get(counter).copied().unwrap_or_default()
    }

    fn set(&mut self, counter: Vec<u8>, value: i64) -> Result<i64, Refused> {
        if let Some(known) = self.values.get_mut(&counter) {
            *known = value;
            return Ok(value);
        }
        let name_bytes = self.name_bytes + counter.len() + OVERHEAD;
        if name_bytes > NAME_BYTES {
            return Err(Refused::Full);
        }
        self.name_bytes = name_bytes;
        self.values.insert(counter, value);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::{Counters, NAME_BYTES, Refused};

    #[test]
    fn counters_start_at_zero_and_refuse_to_overflow() {
        for unlocked in [false, true] {
            let counters = Counters::new(unlocked);
            assert_eq!(counters.get(b"visits"), 0);
            assert_eq!(counters.add(b"visits".to_vec(), 2), Ok(2));
            assert_eq!(
                counters.add(b"visits".to_vec(), i64::MAX),
                Err(Refused::Overflow)
            );
            assert_eq!(counters.get(b"visits"), 2);
        }
    }

    #[test]
    fn names_cannot_fill_the_memory() {
        let counters = Counters::new(false);
        let longest = vec![b'a'; NAME_BYTES];
        assert_eq!(counters.add(longest, 1), Err(Refused::Full));
        assert_eq!(counters.add(b"visits".to_vec(), 1), Ok(1));
    }
}
