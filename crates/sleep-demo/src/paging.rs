//! A chart that is longer than the screen, in parts that each fit.

use timeline::line::Line;

/// Splits a chart into parts of fewer than `rows` lines, each below the prompt of the one
/// before. A part ends before a server's heading where one is near.
pub(crate) fn waiting_clients(chart: &[Line], rows: usize) -> Vec<&[Line]> {
    let room = rows.saturating_sub(2).max(1);
    let mut waiting_clients = Vec::new();
    let mut rest = chart;
    while rest.len() > room {
        let headings = (1..=room).rev();
        let end = headings
            .into_iter()
            .find(|index| rest.get(*index).is_some_and(is_heading))
            .unwrap_or(room);
        let (waiting_client, below) = rest.split_at(end);
        waiting_clients.push(waiting_client);
        rest = below;
    }
    waiting_clients.push(rest);
    waiting_clients
}

/// All other lines of a chart begin with a blank.
fn is_heading(line: &Line) -> bool {
    !line.render(false).starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::waiting_clients;
    use timeline::line::{Ink, Line};

    fn lengths(text: &str, rows: usize) -> Vec<usize> {
        let chart: Vec<Line> = text
            .split('|')
            .map(|one| Line::of(Ink::Plain, one))
            .collect();
        waiting_clients(&chart, rows)
            .into_iter()
            .map(<[Line]>::len)
            .collect()
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
