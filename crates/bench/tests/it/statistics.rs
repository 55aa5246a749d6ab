//! Medians and quartiles of ratios, over numbers that are made up; and who runs when.
#![allow(clippy::float_cmp, reason = "these numbers are exact")]

use bench::{
    ratio::{Quartiles, paired, quantile},
    rounds::alternate,
};

fn quartiles(numbers: &[f64]) -> (f64, f64, f64) {
    let Quartiles {
        lower,
        median,
        upper,
    } = Quartiles::of(numbers).unwrap();
    (lower, median, upper)
}

#[test]
fn the_median_and_the_quartiles_of_made_up_numbers() {
    for (numbers, wanted) in [
        (&[7.0][..], (7.0, 7.0, 7.0)),
        (&[1.0, 2.0], (1.25, 1.5, 1.75)),
        (&[3.0, 1.0, 2.0], (1.5, 2.0, 2.5)),
        (&[5.0, 1.0, 4.0, 2.0, 3.0], (2.0, 3.0, 4.0)),
        (
            &[9.0, 1.0, 8.0, 2.0, 7.0, 3.0, 6.0, 4.0, 5.0],
            (3.0, 5.0, 7.0),
        ),
    ] {
        assert_eq!(quartiles(numbers), wanted, "{numbers:?}");
    }
}

#[test]
fn one_wild_round_of_nine_does_not_move_the_median_away() {
    let calm = [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8];
    let mut wild = calm;
    *wild.last_mut().unwrap() = 1_000.0;
    assert_eq!(quartiles(&wild), quartiles(&calm));
}

#[test]
fn nothing_measured_has_no_quartiles() {
    assert_eq!(Quartiles::of(&[]), None);
    assert_eq!(quantile(&[], 0.99), None);
}

#[test]
fn a_share_beyond_the_ends_is_an_end() {
    assert_eq!(quantile(&[1.0, 2.0, 3.0], 7.0), Some(3.0));
    assert_eq!(quantile(&[1.0, 2.0, 3.0], -1.0), Some(1.0));
}

#[test]
fn a_ratio_is_of_two_runs_of_the_same_round() {
    // The machine is ten times slower in the second round; both are, and the ratio stays.
    assert_eq!(paired(&[200.0, 20.0], &[100.0, 10.0]), [2.0, 2.0]);
}

#[test]
fn every_other_round_runs_backwards() {
    let mut order = String::new();
    let measured = alternate(&['a', 'b', 'c'], 3, |contestant, round| {
        order.push(*contestant);
        Ok::<_, ()>(f64::from(u32::from(*contestant)) + 1_000.0 * round as f64)
    });
    assert_eq!(order, "abccbaabc");
    let of_b = measured.unwrap().swap_remove(1);
    assert_eq!(
        of_b,
        [98.0, 1_098.0, 2_098.0],
        "by contestant, then by round"
    );
}

#[test]
fn an_error_ends_the_rounds() {
    let mut runs = 0;
    let measured = alternate(&["a", "b"], 9, |_, round| {
        runs += 1;
        if round == 1 {
            Err("no answer")
        } else {
            Ok(1.0)
        }
    });
    assert_eq!((measured, runs), (Err("no answer"), 3));
}
