//! Plain tables, and targets beside the figures.

use std::time::Duration;

/// A table under a heading: the first column is words, the others are figures.
pub struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(|&title| title.to_owned()).collect(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub fn print(&self, heading: &str) {
        println!("\n{heading}\n");
        let all = || std::iter::once(&self.header).chain(&self.rows);
        let width = |column: usize| all().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..self.header.len()).map(|column| width(column).unwrap_or(0)).collect();
        for row in all() {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
                // The last column, a verdict, is words again.
                let words = column == 0 || column + 1 == widths.len();
                if words { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            println!("  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
        }
    }
}

/// A whole number with its thousands set apart.
pub fn whole(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Milliseconds with as many digits as they deserve.
pub fn millis(time: Duration) -> String {
    let millis = time.as_secs_f64() * 1_000.0;
    if millis < 100.0 { format!("{millis:.2}") } else { format!("{millis:.0}") }
}

/// "at least 2,000/s: reached".
pub fn at_least(target: f64, unit: &str, found: f64) -> String {
    format!("at least {}{unit}: {}", whole(target), verdict(found >= target))
}

/// "at most 150 MB: reached".
pub fn at_most(target: f64, unit: &str, found: f64) -> String {
    format!("at most {}{unit}: {}", whole(target), verdict(found <= target))
}

fn verdict(reached: bool) -> &'static str {
    if reached { "reached" } else { "NOT reached" }
}
