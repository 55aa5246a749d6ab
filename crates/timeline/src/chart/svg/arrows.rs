//! Arrows from a wait to those who were in the way. The bars are readable without them.

use std::collections::HashMap;

use super::{
    super::{axis::Axis, row::Row},
    canvas::{BARS, LEFT},
};

/// Two arrows stand at least this far from each other, in pixels.
const APART: usize = 7;

/// Half of the bars of a wait and of a service, and how far an arrow's head stays from
/// it.
const WAITING: usize = 10;
const SERVED: usize = 6;

/// The length of a head, and half of its width.
const HEAD: (usize, usize) = (7, 4);

/// The arrows of one server's rows.
pub(super) struct Arrows<'a> {
    axis: Axis,
    /// The middle of each row, by the names of those who stand in it.
    middles: HashMap<&'a str, usize>,
    taken: Vec<usize>,
}

impl<'a> Arrows<'a> {
    /// `first` is the middle of the first row, and each row is this high.
    pub(super) fn of(rows: &'a [Row], first: usize, height: usize, axis: Axis) -> Self {
        let middles = rows.iter().enumerate().flat_map(|(index, row)| {
            let middle = first + index * height;
            row.names.iter().map(move |name| (name.as_str(), middle))
        });
        Self {
            axis,
            middles: middles.collect(),
            taken: Vec::new(),
        }
    }

    /// Those of one row, from its middle to the middles of others.
    pub(super) fn from(&mut self, row: &Row, middle: usize) -> Vec<String> {
        let mut drawn = Vec::new();
        for arrow in &row.arrows {
            let other = self.middles.get(arrow.to.as_str()).copied();
            if let Some(other) = other.filter(|other| *other != middle) {
                let x = self.free_place(LEFT + self.axis.place(arrow.at) + APART / 2);
                drawn.push(path(x, middle, other));
            }
        }
        drawn
    }

    fn free_place(&mut self, mut x: usize) -> usize {
        while x + APART < LEFT + BARS
            && self.taken.iter().any(|one| one.abs_diff(x) < APART)
        {
            x += 1;
        }
        self.taken.push(x);
        x
    }
}

fn path(x: usize, from: usize, to: usize) -> String {
    let (length, _) = HEAD;
    match to < from {
        true => drawn(x, from - WAITING, to + SERVED + length, to + SERVED),
        false => drawn(x, from + WAITING, to - SERVED - length, to - SERVED),
    }
}

/// The sign of an arrow in the legend, on a line of text at `y`.
pub(super) fn sign(x: usize, y: usize) -> String {
    let (length, _) = HEAD;
    drawn(x, y + 3, y - 13 + length, y - 13)
}

fn drawn(x: usize, start: usize, neck: usize, tip: usize) -> String {
    let (_, half) = HEAD;
    let (left, right) = (x - half, x + half);
    format!(
        "<path class=\"arrow\" d=\"M{x} {start}V{neck}M{left} {neck}H{right}L{x} \
         {tip}Z\"/>"
    )
}
