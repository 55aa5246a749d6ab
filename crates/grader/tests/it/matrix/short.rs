//! The rows that are tried each time: the kit's servers, and a faulty one for each check.

use grader::CHECKS;

use super::{MATRIX, Row};

const OF_THE_KIT: [(&str, &str); 2] = [
    ("threaded-server", "concurrent"),
    ("single-server", "serial"),
];

pub(super) fn rows() -> Vec<Row> {
    let of_the_kit = |row: &&Row| {
        row.beside.is_empty() && OF_THE_KIT.contains(&(row.server, row.expect))
    };
    let passing = MATRIX.iter().filter(of_the_kit).copied();
    let mut failing: Vec<Row> = Vec::new();
    for check in 0..CHECKS.len() {
        if !failing.iter().any(|row| fails(row, check)) {
            failing.push(that_fails(check));
        }
    }
    passing.chain(failing).collect()
}

fn fails(row: &Row, check: usize) -> bool {
    row.verdicts.as_bytes().get(check) == Some(&b'F')
}

/// The row that fails this check and as few others as possible, of a server that needs
/// neither Python nor a compiler.
fn that_fails(check: usize) -> Row {
    let is_built = |row: &&Row| !row.server.contains('.');
    let rows = MATRIX.iter().filter(|row| fails(row, check));
    let rows = rows.filter(is_built);
    let row = rows.min_by_key(|row| row.verdicts.matches('F').count());
    let row = *row.unwrap_or_else(|| panic!("none fails {}", CHECKS[check].name));
    Row {
        only_failed: true,
        ..row
    }
}
