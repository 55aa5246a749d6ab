//! Rounds: every contestant once, in an order that alternates.

/// Runs every contestant once in each round, the odd rounds backwards, so that none
/// always runs on a machine that another has just warmed. Gives what each measured, by
/// contestant and then by round.
///
/// # Errors
///
/// The first error of `run`.
pub fn alternate<C, T, E>(
    contestants: &[C],
    rounds: usize,
    mut run: impl FnMut(&C, usize) -> Result<T, E>,
) -> Result<Vec<Vec<T>>, E> {
    let mut measured: Vec<_> = contestants.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds {
        let mut pairs: Vec<_> = contestants.iter().zip(&mut measured).collect();
        if round % 2 == 1 {
            pairs.reverse();
        }
        for (contestant, measured) in pairs {
            measured.push(run(contestant, round)?);
        }
    }
    Ok(measured)
}
