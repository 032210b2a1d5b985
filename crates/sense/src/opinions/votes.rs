//! The table of votes: who voted what on which statement. Most cells are empty, and an empty cell is not a pass.

/// What somebody said to a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vote {
    /// Against it.
    Disagree,
    /// Neither.
    Pass,
    /// For it.
    Agree,
}

impl Vote {
    /// All of them, from −1 to 1.
    pub const ALL: [Vote; 3] = [Vote::Disagree, Vote::Pass, Vote::Agree];

    /// As a number: −1, 0 or 1.
    pub fn value(self) -> f64 {
        match self {
            Vote::Disagree => -1.0,
            Vote::Pass => 0.0,
            Vote::Agree => 1.0,
        }
    }
}

/// The votes, row by row: participants × statements.
///
/// A vote is kept as one number, three times its statement plus 0, 1 or 2. So a product with the centred matrix is one
/// look-up in a table of three numbers a statement, and the centred matrix itself is never made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Votes {
    statements: usize,
    /// Where each row begins in `codes`, and where the last one ends.
    starts: Vec<usize>,
    codes: Vec<u32>,
}

impl Votes {
    /// Begins a table of so many `statements`, with no participant yet.
    ///
    /// # Panics
    /// With more than a thousand million statements.
    pub fn new(statements: usize) -> Votes {
        assert!(statements < 1_000_000_000, "a thousand million statements");
        Votes { statements, starts: vec![0], codes: Vec::new() }
    }

    /// Adds a participant with these votes on statements. Of several on the same statement the last one counts; statements
    /// that the table does not have are passed over.
    pub fn push(&mut self, row: impl IntoIterator<Item = (usize, Vote)>) {
        let begin = self.codes.len();
        let known = row.into_iter().filter(|(statement, _)| *statement < self.statements);
        self.codes.extend(known.map(|(statement, vote)| code(statement, vote)));
        let added = &mut self.codes[begin..];
        if !added.is_sorted_by(|one, next| one / 3 < next / 3) {
            added.reverse();
            added.sort_by_key(|code| code / 3);
            let mut row = self.codes.split_off(begin);
            row.dedup_by_key(|code| *code / 3);
            self.codes.append(&mut row);
        }
        self.starts.push(self.codes.len());
    }

    /// Records what `participant` now says to `statement`. What is not in the table is passed over.
    pub fn set(&mut self, participant: usize, statement: usize, vote: Vote) {
        if participant >= self.participants() || statement >= self.statements {
            return;
        }
        let (begin, end) = (self.starts[participant], self.starts[participant + 1]);
        let place = begin + self.codes[begin..end].partition_point(|code| *code / 3 < u32_of(statement));
        if place < end && self.codes[place] / 3 == u32_of(statement) {
            self.codes[place] = code(statement, vote);
            return;
        }
        self.codes.insert(place, code(statement, vote));
        self.starts[participant + 1..].iter_mut().for_each(|start| *start += 1);
    }

    /// How many people there are.
    pub fn participants(&self) -> usize {
        self.starts.len() - 1
    }

    /// How many statements there are.
    pub fn statements(&self) -> usize {
        self.statements
    }

    /// How many votes there are.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether nobody voted.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// What `participant` voted, by statement.
    pub fn of(&self, participant: usize) -> impl ExactSizeIterator<Item = (usize, Vote)> + '_ {
        self.row(participant).iter().map(|code| (*code as usize / 3, Vote::ALL[*code as usize % 3]))
    }

    /// The votes of `participant` as places in a table of three numbers a statement.
    pub(super) fn row(&self, participant: usize) -> &[u32] {
        &self.codes[self.starts[participant]..self.starts[participant + 1]]
    }

    /// The same table without the votes on the statements that are `left_out`; the statements keep their places.
    pub(super) fn without(&self, left_out: &[bool]) -> Votes {
        let mut kept = Votes::new(self.statements);
        kept.codes.reserve(self.codes.len());
        for participant in 0..self.participants() {
            let codes = self.row(participant).iter();
            kept.codes.extend(codes.filter(|code| !left_out[**code as usize / 3]));
            kept.starts.push(kept.codes.len());
        }
        kept
    }
}

fn code(statement: usize, vote: Vote) -> u32 {
    3 * u32_of(statement) + vote as u32
}

fn u32_of(statement: usize) -> u32 {
    u32::try_from(statement).unwrap_or(u32::MAX / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_several_votes_counts() {
        let mut votes = Votes::new(3);
        votes.push([(2, Vote::Agree), (0, Vote::Pass), (2, Vote::Disagree), (9, Vote::Agree)]);
        assert_eq!(votes.of(0).collect::<Vec<_>>(), [(0, Vote::Pass), (2, Vote::Disagree)]);
        votes.push([]);
        votes.set(0, 1, Vote::Agree);
        votes.set(0, 2, Vote::Agree);
        votes.set(1, 0, Vote::Agree);
        assert_eq!(votes.of(0).collect::<Vec<_>>(), [(0, Vote::Pass), (1, Vote::Agree), (2, Vote::Agree)]);
        assert_eq!((votes.of(1).collect::<Vec<_>>(), votes.len()), (vec![(0, Vote::Agree)], 4));
    }
}
