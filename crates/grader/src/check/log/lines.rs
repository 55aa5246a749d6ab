//! Which requests the lines of a log hold, by their nonces.

use std::collections::HashSet;

use crate::nonce::NONCE;

/// The words of `known` that have a line to themselves, or what is wrong with a line.
pub(super) fn on_lines<'w>(
    lines: &'w [String],
    known: &HashSet<&str>,
) -> Result<HashSet<&'w str>, String> {
    let mut seen = HashSet::new();
    for line in lines {
        let words: HashSet<&str> =
            words_of(line).filter(|word| known.contains(word)).collect();
        if words.len() > 1 {
            let start: String = line.chars().take(120).collect();
            return Err(format!(
                "one line holds {} requests: {start:?}",
                words.len()
            ));
        }
        for word in words {
            if !seen.insert(word) {
                return Err(format!("{word} is on two lines"));
            }
        }
    }
    Ok(seen)
}

/// Everything on a line that could be a nonce, whatever stands around it.
pub(in crate::check) fn words_of(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices('q').map(|(start, _)| start);
    starts.filter_map(|start| line.get(start..start + NONCE))
}

#[cfg(test)]
mod tests {
    use super::on_lines;
    use std::collections::HashSet;

    #[test]
    fn a_nonce_has_one_line_to_itself() {
        let known = HashSet::from(["qaaaaaaaaa", "qbbbbbbbbb"]);
        let seen = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
            on_lines(&lines, &known).map(|seen| seen.len())
        };
        assert_eq!(seen(&["q", "ECHO qaaaaaaaaa", "\\nqbbbbbbbbb\\r"]), Ok(2));
        assert_eq!(seen(&["ECHO qaaaaaaaaa"]), Ok(1));
        assert_eq!(seen(&["ECHO qaaa", "x", "aaaaaa"]), Ok(0));
        for broken in [&["qaaaaaaaaaqbbbbbbbbb"][..], &["qaaaaaaaaa", "qaaaaaaaaa"]] {
            assert!(seen(broken).is_err());
        }
    }
}
