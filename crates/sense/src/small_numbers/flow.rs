//! Protects a table with margins. Every cell, margins included, lies in one row and one column whose sums are known; what an
//! outsider can find out about a hidden cell is a question of flow through the hidden cells, which is answered exactly
//! (Cox 1995, Network models for complementary cell suppression, Journal of the American Statistical Association 90).

use std::collections::VecDeque;

use super::{Rule, Table};

/// The counts with their margins as a last row and a last column, and what is hidden.
struct Grid {
    counts: Vec<Vec<u64>>,
    hidden: Vec<Vec<bool>>,
    /// The least that somebody knows a hidden cell to be: 1, as noughts are shown, or 0 once everything is hidden.
    least: u64,
}

/// A cell.
type Place = (usize, usize);

pub(super) fn protect(rule: &Rule, counts: &[Vec<u64>]) -> Table {
    let mut grid = Grid::new(rule, counts);
    let small: Vec<Place> = grid.places().filter(|(row, column)| grid.hidden[*row][*column]).collect();
    // To hide more only widens what is possible: a cell that is safe once stays so.
    for cell in small {
        let count = grid.counts[cell.0][cell.1];
        grid.make_room(cell, Shift { more: true, by: rule.threshold - 1 - count });
        grid.make_room(cell, Shift { more: false, by: count - 1 });
    }
    grid.table(rule)
}

impl Grid {
    fn new(rule: &Rule, counts: &[Vec<u64>]) -> Grid {
        let width = counts.iter().map(Vec::len).max().unwrap_or_default();
        let mut counts: Vec<Vec<u64>> = counts.to_vec();
        for row in &mut counts {
            row.resize(width, 0);
            row.push(row.iter().sum());
        }
        let sums = (0..=width).map(|column| counts.iter().map(|row| row[column]).sum()).collect();
        counts.push(sums);
        let hidden = counts.iter().map(|row| row.iter().map(|count| rule.is_small(*count)).collect()).collect();
        Grid { counts, hidden, least: 1 }
    }

    fn hide_everything(&mut self) {
        self.hidden.iter_mut().for_each(|row| row.fill(true));
        self.least = 0;
    }

    /// Hides more until an outsider must think possible that `cell` is by so much more or less.
    fn make_room(&mut self, cell: Place, shift: Shift) {
        while self.least > 0 && self.can_shift(cell, shift) < shift.by {
            match self.cheapest_circuit(cell, shift) {
                Some(circuit) => circuit.into_iter().for_each(|(row, column)| self.hidden[row][column] = true),
                None => self.hide_everything(),
            }
        }
    }

    /// How far a hidden cell can move, up to `shift.by`, with other hidden cells making up for it: a flow from its row to its
    /// column that does not use the cell itself.
    fn can_shift(&self, cell: Place, shift: Shift) -> u64 {
        let mut moved: Vec<Vec<i64>> = self.counts.iter().map(|row| vec![0; row.len()]).collect();
        let mut found = 0;
        while found < shift.by {
            let Some(path) = self.path(cell, shift.more, &moved) else { break };
            let room = path.iter().map(|step| self.room(*step, &moved)).min().unwrap_or_default().min(shift.by - found);
            for Step { place: (row, column), more } in path {
                moved[row][column] += if more { room.cast_signed() } else { -room.cast_signed() };
            }
            found += room;
        }
        found
    }

    /// How much further a hidden cell can go up or down.
    fn room(&self, step: Step, moved: &[Vec<i64>]) -> u64 {
        let (row, column) = step.place;
        if step.more {
            // Nobody knows an upper bound of a hidden cell.
            return u64::MAX / 4;
        }
        self.counts[row][column].saturating_add_signed(moved[row][column]).saturating_sub(self.least)
    }

    /// The shortest way to make up for a change of `cell`: cells that go alternately up and down so that every sum holds.
    fn path(&self, cell: Place, more: bool, moved: &[Vec<i64>]) -> Option<Vec<Step>> {
        self.search(cell, more, |step| {
            let (row, column) = step.place;
            (self.hidden[row][column] && self.room(step, moved) > 0).then_some(0)
        })
    }

    /// The cells to hide so that `cell` can move as far as `shift` says, at the least loss of information.
    fn cheapest_circuit(&self, cell: Place, shift: Shift) -> Option<Vec<Place>> {
        let unmoved: Vec<Vec<i64>> = self.counts.iter().map(|row| vec![0; row.len()]).collect();
        let cost = |step: Step, room: u64| {
            let (row, column) = step.place;
            let count = self.counts[row][column];
            let wide = count > 0 && self.room(step, &unmoved) >= room;
            wide.then_some(if self.hidden[row][column] { 1 } else { 1000 + count })
        };
        let circuit = |room| self.search(cell, shift.more, |step| cost(step, room));
        // One circuit that is wide enough, or else one of several that together are.
        let mut steps = [shift.by, 1].into_iter().filter_map(circuit);
        let hides_more = |steps: &Vec<Step>| steps.iter().any(|step| !self.hidden[step.place.0][step.place.1]);
        steps.find(hides_more).map(|steps| steps.into_iter().map(|step| step.place).collect())
    }

    /// The cheapest way from the row of `cell` to its column, by Bellman and Ford; rows and columns are the nodes, cells the edges.
    fn search(&self, cell: Place, more: bool, cost: impl Fn(Step) -> Option<u64>) -> Option<Vec<Step>> {
        let (height, width) = (self.counts.len(), self.counts.first().map_or(0, Vec::len));
        let mut reached: Vec<Option<(u64, Step, usize)>> = vec![None; height + width];
        let mut waiting = VecDeque::from([cell.0]);
        let mut costs: Vec<Option<u64>> = vec![None; height + width];
        costs[cell.0] = Some(0);
        while let Some(node) = waiting.pop_front() {
            let so_far = costs[node]?;
            let is_row = node < height;
            for other in 0..if is_row { width } else { height } {
                let place = if is_row { (node, other) } else { (other, node - height) };
                // From a row the change is made up for, from a column it is repeated; in margins both are turned round.
                let step = Step { place, more: (is_row != more) != self.is_turned(place, cell) };
                let next = if is_row { height + other } else { other };
                let Some(cost) = cost(step).filter(|_| place != cell) else { continue };
                if costs[next].is_none_or(|known| so_far + cost < known) {
                    costs[next] = Some(so_far + cost);
                    reached[next] = Some((so_far + cost, step, node));
                    waiting.push_back(next);
                }
            }
        }
        let mut steps = Vec::new();
        let mut node = height + cell.1;
        while node != cell.0 {
            let (_, step, before) = reached[node]?;
            steps.push(step);
            node = before;
        }
        Some(steps)
    }

    /// Margins count against their row or column, the total for both: whether the two cells count differently.
    fn is_turned(&self, place: Place, cell: Place) -> bool {
        let against = |(row, column): Place| {
            (row + 1 == self.counts.len()) != (column + 1 == self.counts.first().map_or(0, Vec::len))
        };
        against(place) != against(cell)
    }

    fn places(&self) -> impl Iterator<Item = Place> {
        self.counts.iter().enumerate().flat_map(|(row, counts)| (0..counts.len()).map(move |column| (row, column)))
    }

    fn table(&self, rule: &Rule) -> Table {
        let rows = self.counts.iter().zip(&self.hidden);
        let mut rows: Vec<Vec<super::Count>> = rows
            .map(|(counts, hidden)| {
                counts.iter().zip(hidden).map(|(count, hidden)| rule.shown_unless(*hidden, *count)).collect()
            })
            .collect();
        let mut columns = rows.pop().unwrap_or_default();
        let total = columns.pop().unwrap_or(super::Count::Shown(0));
        let totals = rows.iter_mut().filter_map(Vec::pop).collect();
        Table { cells: rows, rows: totals, columns, total }
    }
}

/// A change of a cell.
#[derive(Clone, Copy)]
struct Shift {
    more: bool,
    by: u64,
}

/// A cell that goes up or down to make up for another.
#[derive(Clone, Copy)]
struct Step {
    place: Place,
    more: bool,
}
