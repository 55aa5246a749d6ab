//! Words that no server can have seen before, so that a canned reply cannot pass.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
};

static GIVEN: AtomicU64 = AtomicU64::new(0);

/// How long a nonce is, in bytes; its first is a `q`.
pub(crate) const NONCE: usize = 10;

/// Ten letters and digits, different each time.
pub(crate) fn nonce() -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let number = GIVEN.fetch_add(1, Ordering::Relaxed);
    let mut bits = RandomState::new().hash_one(number);
    let mut digit = |_| {
        let digit = DIGITS.get((bits % 32) as usize).copied().unwrap_or(b'x');
        bits /= 32;
        char::from(digit)
    };
    std::iter::once('q')
        .chain((1..NONCE).map(&mut digit))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    #[test]
    fn no_nonce_comes_twice() {
        let nonces: HashSet<_> = (0..10_000).map(|_| super::nonce()).collect();
        assert_eq!(nonces.len(), 10_000);
        assert!(nonces.iter().all(|nonce| nonce.len() == super::NONCE));
    }
}
