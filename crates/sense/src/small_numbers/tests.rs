use proptest::prelude::*;

use super::*;

const HIDDEN: Count = Count::Hidden;

fn shown(count: u64) -> Count {
    Count::Shown(count)
}

#[test]
fn a_list_by_hand() {
    let rule = Rule::default();
    let list = rule.list(&[40, 3, 27, 0, 12]);
    assert_eq!(
        list.cells,
        [shown(40), HIDDEN, shown(25), shown(0), HIDDEN],
        "12 hides, so that 3 is not total less the others"
    );
    assert_eq!(list.total, shown(80));
    assert_eq!(rule.list(&[9, 8]).cells, [HIDDEN, HIDDEN], "17 together: each may be 1 to 16");
    assert_eq!(rule.list(&[1; 11]), List { cells: vec![HIDDEN; 11], total: shown(10) });
    assert_eq!(rule.list(&[1, 1, 9, 0, 30]).cells, [HIDDEN, HIDDEN, HIDDEN, shown(0), shown(30)]);
    assert_eq!(
        rule.list(&[1, 1, 0, 30]).cells,
        [HIDDEN, HIDDEN, shown(0), HIDDEN],
        "two people cannot hide behind each other"
    );
    assert_eq!(rule.list(&[4, 0]), List { cells: vec![HIDDEN, HIDDEN], total: HIDDEN });
    assert_eq!(rule.list(&[0, 0]), List { cells: vec![shown(0), shown(0)], total: shown(0) });
    assert_eq!(rule.list(&[]), List { cells: vec![], total: shown(0) });
    assert_eq!(
        [9, 10, 12, 13, 17].map(|count| rule.count(count)),
        [HIDDEN, shown(10), shown(10), shown(15), shown(15)]
    );
}

#[test]
fn a_table_by_hand() {
    let table = Rule::default().table(&[vec![20, 50, 3], vec![40, 60, 30], vec![15, 70, 80]]);
    let hidden = |row: usize, column: usize| table.cells[row][column] == HIDDEN;
    assert!(hidden(0, 2) && hidden(0, 0) && hidden(1, 0) && hidden(1, 2), "the cheapest rectangle: {table:?}");
    assert_eq!(table.cells.iter().flatten().filter(|count| **count == HIDDEN).count(), 4);
    assert_eq!((&table.rows[..], table.total), (&[shown(75), shown(130), shown(165)][..], shown(370)));
    let alone = Rule::default().table(&[vec![3]]);
    assert_eq!((alone.cells, alone.total), (vec![vec![HIDDEN]], HIDDEN));
    let without = Rule::default().table(&[]);
    assert_eq!((without.cells.len(), without.total), (0, shown(0)));
}

#[test]
fn a_large_table_in_good_time() {
    let count = |row: u64, column: u64| (row * 37 + column * 101) % 61;
    let counts: Vec<Vec<u64>> = (0..40).map(|row| (0..40).map(|column| count(row, column)).collect()).collect();
    let table = Rule::default().table(&counts);
    let hidden = table.cells.iter().flatten().filter(|count| **count == HIDDEN).count();
    let small = counts.iter().flatten().filter(|count| (1..10).contains(*count)).count();
    assert!(hidden >= small && hidden < 2 * small && table.total == shown(48_045), "{hidden} hidden for {small}");
}

/// Somebody who knows every shown count before it was rounded: which values below the threshold are possible for each hidden one?
/// Every filling of the hidden cells is tried.
fn possible(counts: &[Vec<u64>], table: &Table, most: u64, is: impl FnMut(&[Vec<u64>])) {
    let mut is = is;
    let places: Vec<(usize, usize)> = (0..counts.len())
        .flat_map(|row| (0..counts[row].len()).map(move |column| (row, column)))
        .filter(|(row, column)| table.cells[*row][*column] == HIDDEN)
        .collect();
    // Where noughts are hidden too, everything is.
    let everything =
        table.total == HIDDEN && table.cells.iter().flatten().chain(&table.rows).all(|count| *count == HIDDEN);
    let least = u64::from(!everything);
    let mut filled = counts.to_vec();
    places.iter().for_each(|(row, column)| filled[*row][*column] = least);
    loop {
        if sums_hold(counts, &filled, table, least) {
            is(&filled);
        }
        let Some((row, column)) = places.iter().find(|(row, column)| filled[*row][*column] < most) else { return };
        for (row, column) in places.iter().take_while(|place| **place != (*row, *column)) {
            filled[*row][*column] = least;
        }
        filled[*row][*column] += 1;
    }
}

fn sums_hold(counts: &[Vec<u64>], filled: &[Vec<u64>], table: &Table, least: u64) -> bool {
    let row = |cells: &[Vec<u64>], row: usize| cells[row].iter().sum::<u64>();
    let column = |cells: &[Vec<u64>], column: usize| cells.iter().map(|cells| cells[column]).sum::<u64>();
    let holds = |margin: Count, truth: u64, sum: u64| if margin == HIDDEN { sum >= least } else { sum == truth };
    let rows = (0..counts.len()).all(|place| holds(table.rows[place], row(counts, place), row(filled, place)));
    let columns =
        (0..counts[0].len()).all(|place| holds(table.columns[place], column(counts, place), column(filled, place)));
    let all = |cells: &[Vec<u64>]| cells.iter().flatten().sum::<u64>();
    rows && columns && holds(table.total, all(counts), all(filled))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Nobody can narrow down a small count by what a table shows.
    #[test]
    fn a_table_betrays_nobody(
        counts in proptest::collection::vec(proptest::collection::vec(prop_oneof![0..5_u64, 0..12_u64], 2), 2..=2),
        wide in any::<bool>(),
    ) {
        let rule = Rule { threshold: 4, base: 1 };
        let counts = if wide { vec![counts[0].iter().chain(&counts[1]).copied().collect()] } else { counts };
        let table = rule.table(&counts);
        let small = |count: u64| (1..4).contains(&count);
        let mut seen = vec![vec![[false; 4]; counts[0].len()]; counts.len()];
        possible(&counts, &table, 15, |filled| {
            for (seen, filled) in seen.iter_mut().flatten().zip(filled.iter().flatten()) {
                if let Some(seen) = seen.get_mut(usize::try_from(*filled).unwrap_or(9)) {
                    *seen = true;
                }
            }
        });
        for ((count, seen), cell) in counts.iter().flatten().zip(seen.iter().flatten()).zip(table.cells.iter().flatten()) {
            if small(*count) {
                prop_assert_eq!(*cell, HIDDEN);
                prop_assert!(seen[1] && seen[2] && seen[3], "{} in {:?} of {:?}", count, table, counts);
            } else if *cell != HIDDEN {
                prop_assert_eq!(*cell, shown(*count));
            }
        }
    }

    /// The same for a list: its hidden cells add up to a known number.
    #[test]
    fn a_list_betrays_nobody(counts in proptest::collection::vec(prop_oneof![0..12_u64, 0..200_u64], 0..8)) {
        let rule = Rule::default();
        let list = rule.list(&counts);
        let hidden: Vec<u64> = counts.iter().zip(&list.cells).filter(|(_, cell)| **cell == HIDDEN).map(|(count, _)| *count).collect();
        let zeros = hidden.contains(&0);
        prop_assert!(!zeros || list.cells.iter().all(|cell| *cell == HIDDEN), "noughts are hidden only with everything");
        for (count, cell) in counts.iter().zip(&list.cells) {
            prop_assert!(*cell == HIDDEN || *count == 0 || *count >= 10);
            if (1..10).contains(count) && list.total != HIDDEN {
                let others = hidden.len() as u64 - 1;
                let most = hidden.iter().sum::<u64>() - if zeros { 0 } else { others };
                prop_assert!(others > 0 || zeros, "{list:?}");
                // With everything hidden nobody knows that nobody is nought.
                let all = hidden.len() == counts.len();
                prop_assert!(all || most >= 9, "{counts:?} {list:?}");
            }
        }
    }

    /// Order changes nothing in what is hidden from whom, but for counts that are equal.
    #[test]
    fn a_turned_table_is_protected_alike(counts in proptest::collection::vec(proptest::collection::vec(0..40_u64, 3), 3)) {
        let turned: Vec<Vec<u64>> = (0..3).map(|column| counts.iter().map(|row| row[column]).collect()).collect();
        let small = |table: &Table| table.cells.iter().flatten().filter(|count| **count == HIDDEN).count() == 0;
        prop_assert_eq!(small(&Rule::default().table(&counts)), small(&Rule::default().table(&turned)));
    }
}
