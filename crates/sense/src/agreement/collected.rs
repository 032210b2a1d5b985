//! Codings as they are read, one after the other, in little room: a name is kept once, however often it comes.

use std::collections::{BTreeMap, HashMap};

use super::Codings;

/// Codings in the making.
#[derive(Debug, Default)]
pub struct Collected {
    units: Names,
    coders: Names,
    codes: Names,
    /// Unit, coder and code, by the order in which the names came.
    rows: Vec<[usize; 3]>,
}

impl Collected {
    /// Adds that a coder gave a code to a unit.
    pub fn add(&mut self, unit: &str, coder: &str, code: &str) {
        self.rows.push([self.units.number(unit), self.coders.number(coder), self.codes.number(code)]);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All of them, in alphabetical order of their names.
    pub fn codings(self) -> Codings {
        let [(units, unit), (coders, coder), (codes, code)] = [self.units, self.coders, self.codes].map(Names::sorted);
        let mut rows = self.rows;
        for row in &mut rows {
            *row = [unit[row[0]], coder[row[1]], code[row[2]]];
        }
        rows.sort_unstable();
        rows.dedup();
        let alike = || rows.chunk_by(|one, other| one[..2] == other[..2]);
        let set = |rows: &[[usize; 3]]| rows.iter().map(|row| row[2]).collect::<Vec<usize>>();
        let mut sets: BTreeMap<Vec<usize>, usize> = alike().map(|rows| (set(rows), 0)).collect();
        sets.values_mut().enumerate().for_each(|(place, number)| *number = place);
        let mut given = vec![Vec::new(); units.len()];
        for rows in alike() {
            given[rows[0][0]].push((rows[0][1], sets[&set(rows)]));
        }
        Codings { units, coders, codes, sets: sets.into_keys().collect(), given }
    }
}

/// Names, numbered as they come.
#[derive(Debug, Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = self.0.len();
        self.0.insert(name.to_owned(), number);
        number
    }

    /// The names in alphabetical order, and the place in it of each number.
    fn sorted(self) -> (Vec<String>, Vec<usize>) {
        let mut names: Vec<(String, usize)> = self.0.into_iter().collect();
        names.sort_unstable();
        let mut places = vec![0; names.len()];
        for (place, (_, number)) in names.iter().enumerate() {
            places[*number] = place;
        }
        (names.into_iter().map(|(name, _)| name).collect(), places)
    }
}
