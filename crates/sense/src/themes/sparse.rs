//! Rows with few entries, and rows of fixed length; the few products that are needed of them.
//!
//! Sums are taken in a fixed order and without fused operations, so that every processor finds the same bits.

use rayon::prelude::*;

/// How many sums a dot product runs side by side, for the processor's sake.
const LANES: usize = 8;

/// Rows of (column, weight), sorted by column.
pub(crate) struct Sparse {
    pub rows: Vec<Vec<(u32, f32)>>,
    pub columns: usize,
}

/// `rows` × `width` numbers; the width is a multiple of 8.
#[derive(Clone)]
pub(crate) struct Dense {
    pub values: Vec<f32>,
    pub width: usize,
}

impl Sparse {
    pub fn new(rows: Vec<Vec<(u32, f32)>>, columns: usize) -> Sparse {
        Sparse { rows, columns }
    }

    /// Self × `other`.
    pub fn times(&self, other: &Dense) -> Dense {
        let mut product = Dense::zero(self.rows.len(), other.width);
        product.values.par_chunks_mut(other.width).zip(&self.rows).for_each(|(into, row)| {
            row.iter().for_each(|(column, weight)| add(into, *weight, other.row(*column as usize)));
        });
        product
    }

    /// Self, transposed. Entries of a row stay in the order of the columns.
    pub fn transposed(&self) -> Sparse {
        let mut counts = vec![0_usize; self.columns];
        self.rows.iter().flatten().for_each(|(column, _)| counts[*column as usize] += 1);
        let mut rows: Vec<Vec<(u32, f32)>> = counts.into_iter().map(Vec::with_capacity).collect();
        for (row, number) in self.rows.iter().zip(0..) {
            row.iter().for_each(|(column, weight)| rows[*column as usize].push((number, *weight)));
        }
        Sparse { rows, columns: self.rows.len() }
    }
}

impl Dense {
    pub fn zero(rows: usize, width: usize) -> Dense {
        let width = width.next_multiple_of(LANES);
        Dense { values: vec![0.0; rows * width], width }
    }

    pub fn rows(&self) -> std::slice::ChunksExact<'_, f32> {
        self.values.chunks_exact(self.width)
    }

    /// One row; empty beyond the last.
    pub fn row(&self, number: usize) -> &[f32] {
        self.values.get(number * self.width..(number + 1) * self.width).unwrap_or_default()
    }

    pub fn row_mut(&mut self, number: usize) -> &mut [f32] {
        self.values.get_mut(number * self.width..(number + 1) * self.width).unwrap_or_default()
    }

    /// Some of the rows.
    pub fn select(&self, rows: &[usize]) -> Dense {
        Dense { values: rows.iter().flat_map(|row| self.row(*row)).copied().collect(), width: self.width }
    }

    /// Brings every row to length 1; zero stays zero.
    pub fn normalise(&mut self) {
        self.values.par_chunks_mut(self.width).for_each(unit);
    }
}

/// `into` += `factor` × `row`.
#[inline]
pub(crate) fn add(into: &mut [f32], factor: f32, row: &[f32]) {
    into.iter_mut().zip(row).for_each(|(into, value)| *into += factor * value);
}

/// The dot product of rows whose length is a multiple of 8.
#[inline]
pub(crate) fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (one, _) = one.as_chunks::<LANES>();
    let (other, _) = other.as_chunks::<LANES>();
    for (one, other) in one.iter().zip(other) {
        for ((sum, one), other) in sums.iter_mut().zip(one).zip(other) {
            *sum += one * other;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

/// Brings a row to length 1; zero stays zero.
pub(crate) fn unit(row: &mut [f32]) {
    let length = dot(row, row).sqrt();
    if length > f32::MIN_POSITIVE {
        row.iter_mut().for_each(|value| *value /= length);
    } else {
        row.fill(0.0);
    }
}

/// Brings a sparse row to length 1; zero stays zero.
pub(crate) fn normalise(row: &mut [(u32, f32)]) {
    let length = row.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    if length > f32::MIN_POSITIVE {
        row.iter_mut().for_each(|(_, weight)| *weight /= length);
    }
}
