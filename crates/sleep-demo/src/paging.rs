//! A chart that is longer than the screen, in parts that each fit.

use timeline::line::Line;

/// Splits a chart into parts of fewer than `rows` lines, each below the prompt of the one
/// before. A part ends before a server's heading where one is near.
pub(crate) fn parts(chart: &[Line], rows: usize) -> Vec<&[Line]> {
    let room = rows.saturating_sub(2).max(1);
    let mut parts = Vec::new();
    let mut rest = chart;
    while rest.len() > room {
        let headings = (1..=room).rev();
        let end = headings
            .into_iter()
            .find(|index| rest.get(*index).is_some_and(is_heading))
            .unwrap_or(room);
        let (part, below) = rest.split_at(end);
        parts.push(part);
        rest = below;
    }
    parts.push(rest);
    parts
}

/// All other lines of a chart begin with a blank.
fn is_heading(line: &Line) -> bool {
    !line.render(false).starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::parts;
    use timeline::line::{Ink, Line};

    fn lengths(text: &str, rows: usize) -> Vec<usize> {
        let chart: Vec<Line> = text
            .split('|')
            .map(|one| Line::of(Ink::Plain, one))
            .collect();
        parts(&chart, rows).into_iter().map(<[Line]>::len).collect()
    }

    #[test]
    fn a_part_ends_before_a_server() {
        let chart = "    0s|one| A| B|two| A| B|three| A| B| legend";
        assert_eq!(lengths(chart, 24), [11]);
        assert_eq!(lengths(chart, 8), [4, 3, 4]);
        assert_eq!(lengths(chart, 9), [7, 4]);
    }

    #[test]
    fn a_server_that_is_longer_than_the_screen_is_split() {
        assert_eq!(lengths("    0s|one| A| B| C| D| E", 5), [1, 3, 3]);
        assert_eq!(lengths(" A| B| C", 0), [1, 1, 1]);
    }
}
