//! Lost updates of a simulated counter, of which it is known how many were lost.

use timeline::verdict::Proof;

use fixture::Dice;

use crate::lost_updates::counted;

/// A counter of which each update is read and written in two steps, in any order.
struct Racy {
    value: i64,
    kept: Vec<bool>,
}

/// On 20,000 random interleavings of updates no more losses are seen than there were, and
/// where the demo says that none was lost, none was.
#[test]
fn no_more_is_lost_than_was() {
    let mut dice = Dice::new(20);
    let mut seen = 0;
    let rounds = Dice::rounds(20_000);
    for _ in 0..rounds {
        let amounts: [i64; 6] = [1, 1, 1, 2, -1, 3];
        let count = usize::try_from(2 + dice.below(5)).unwrap();
        let one_way = dice.below(2) == 0;
        let amounts: Vec<i64> = (0..count)
            .map(|_| match dice.one_of(&amounts) {
                amount if one_way => amount.abs(),
                amount => amount,
            })
            .collect();
        let mut counter = Racy {
            value: i64::try_from(dice.below(3)).unwrap(),
            kept: vec![true; count],
        };
        let replies = counter.play(&amounts, &mut dice);
        let truly = counter.kept.iter().filter(|kept| !**kept).count();
        let words: Vec<(String, String)> = amounts
            .iter()
            .zip(&replies)
            .map(|(amount, reply)| (format!("INCRBY c {amount}"), format!(":{reply}")))
            .collect();
        let words: Vec<(&str, &str)> = words
            .iter()
            .map(|(one, two)| (one.as_str(), two.as_str()))
            .collect();
        let printed = counted(&words).unwrap();
        assert!(
            printed.lost <= truly,
            "{words:?}: {printed:?}, but {truly} were"
        );
        let says_none = printed.proof == Proof::AllKept;
        assert!(!says_none || truly == 0, "{words:?}: {truly} were lost");
        seen += printed.lost;
    }
    assert!(seen > rounds / 4, "{seen}");
}

impl Racy {
    /// What each update is answered. One that is written between another's two steps is
    /// lost.
    fn play(&mut self, amounts: &[i64], dice: &mut Dice) -> Vec<i64> {
        let mut read: Vec<Option<(i64, Vec<usize>)>> = vec![None; amounts.len()];
        let mut replies = vec![None; amounts.len()];
        while let Some(left) = (0..amounts.len())
            .filter(|index| replies[*index].is_none())
            .nth(usize::try_from(dice.below(3)).unwrap())
            .or_else(|| replies.iter().position(Option::is_none))
        {
            match read[left].take() {
                None => read[left] = Some((self.value, Vec::new())),
                Some((value, overwritten)) => {
                    for index in overwritten {
                        self.kept[index] = false;
                    }
                    self.value = value + amounts[left];
                    replies[left] = Some(self.value);
                    for (_, overwritten) in read.iter_mut().flatten() {
                        overwritten.push(left);
                    }
                }
            }
        }
        replies.into_iter().flatten().collect()
    }
}
