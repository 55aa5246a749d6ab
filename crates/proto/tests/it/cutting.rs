//! Bytes that arrive in pieces.

/// The bytes cut before each of these places.
pub(crate) fn pieces<'a>(bytes: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = places
        .iter()
        .map(|place| place % (bytes.len() + 1))
        .collect();
    places.sort_unstable();
    let mut rest = bytes;
    let mut taken = 0;
    let mut pieces = Vec::new();
    for place in places {
        let (piece, after) = rest.split_at(place - taken);
        pieces.push(piece);
        rest = after;
        taken = place;
    }
    pieces.push(rest);
    pieces
}
