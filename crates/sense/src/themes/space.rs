//! Texts as short vectors: latent semantic analysis, then each text drawn towards its nearest neighbours.
//!
//! Literature: S. Deerwester et al., “Indexing by latent semantic analysis”, 1990; N. Halko et al., “Finding structure with
//! randomness”, 2011 (the subspace); H. Zhu and P. Koniusz, “Simple spectral graph convolution”, 2021 (the smoothing).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

use super::sparse::{Dense, Sparse, add, dot, unit};

/// Length of the vectors that are made of terms.
pub(crate) const OF_TERMS: usize = 32;
/// Length that a model's vectors are brought to.
const OF_MODEL: usize = 64;
/// Rounds of the subspace iteration: more change nothing that matters for directions.
const ROUNDS: usize = 3;
/// Neighbours of a text.
const NEIGHBOURS: usize = 20;
/// How often every text takes over from its neighbours.
const STEPS: usize = 6;
/// What a text keeps of its own in the end.
const OWN: f32 = 0.1;

/// An orthonormal base of the directions in which `weights` differ most: columns × `width`.
///
/// Which base of that subspace is found does not matter: only angles are used.
pub(crate) fn base(weights: &Sparse, width: usize, seed: u64) -> Dense {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut base = Dense::zero(weights.columns, width);
    base.values.iter_mut().for_each(|value| *value = uniform(&mut random) - 0.5);
    let transposed = weights.transposed();
    for _ in 0..ROUNDS {
        orthonormal(&mut base);
        base = transposed.times(&weights.times(&base));
    }
    orthonormal(&mut base);
    base
}

/// A number from 0 to 1.
pub(crate) fn uniform(random: &mut ChaCha8Rng) -> f32 {
    (random.next_u32() >> 8) as f32 / (1 << 24) as f32
}

/// Gram–Schmidt, twice for the digits, on the columns; a column that depends on earlier ones becomes zero.
fn orthonormal(matrix: &mut Dense) {
    let rows = matrix.values.len() / matrix.width.max(1);
    let padded = rows.next_multiple_of(8);
    let mut columns: Vec<Vec<f32>> = (0..matrix.width)
        .map(|column| matrix.rows().map(|row| row[column]).chain(vec![0.0; padded - rows]).collect())
        .collect();
    for number in 0..columns.len() {
        let (earlier, rest) = columns.split_at_mut(number);
        let Some(column) = rest.first_mut() else { break };
        let before = dot(column, column);
        for _ in 0..2 {
            for other in earlier.iter() {
                let shared = dot(column, other);
                add(column, -shared, other);
            }
        }
        if dot(column, column) <= before * 1e-8 {
            column.fill(0.0);
        }
        unit(column);
    }
    for (place, row) in matrix.values.chunks_exact_mut(matrix.width).enumerate() {
        row.iter_mut().zip(&columns).for_each(|(value, column)| *value = column[place]);
    }
}

/// The nearest neighbours of each row by cosine, which is over 0, as a symmetric graph whose rows sum to about 1.
pub(crate) fn neighbours(weights: &Sparse) -> Sparse {
    let transposed = weights.transposed();
    let count = weights.rows.len();
    let nearest = |(number, row): (usize, &Vec<(u32, f32)>), cosines: &mut Vec<f32>| {
        cosines.clear();
        cosines.resize(count, 0.0);
        for (column, weight) in row {
            for (other, its) in &transposed.rows[*column as usize] {
                cosines[*other as usize] += weight * its;
            }
        }
        cosines[number] = 0.0;
        keep_nearest(cosines)
    };
    let nearest: Vec<Vec<(u32, f32)>> =
        weights.rows.par_iter().enumerate().map_init(Vec::new, |cosines, row| nearest(row, cosines)).collect();
    symmetric(nearest)
}

/// A model's vectors without what all have in common, in the directions in which they differ most, of length 1.
///
/// The directions are found in those `rows`.
pub(crate) fn reduce(vectors: &Dense, rows: &[usize], seed: u64) -> Dense {
    let mut mean = vec![0.0; vectors.width];
    rows.iter().for_each(|row| add(&mut mean, 1.0 / rows.len() as f32, vectors.row(*row)));
    let apart = |row: &[f32]| -> Vec<(u32, f32)> {
        let says = row.iter().any(|value| *value != 0.0);
        (0..)
            .zip(row.iter().zip(&mean))
            .filter(|_| says)
            .map(|(column, (value, mean))| (column, value - mean))
            .collect()
    };
    let sample = Sparse::new(rows.iter().map(|row| apart(vectors.row(*row))).collect(), vectors.width);
    let base = base(&sample, OF_MODEL.min(vectors.width), seed);
    let mut reduced = Dense::zero(vectors.rows().len(), base.width);
    reduced.values.par_chunks_mut(base.width).zip(vectors.values.par_chunks(vectors.width)).for_each(|(into, row)| {
        apart(row).iter().for_each(|(column, value)| add(into, *value, base.row(*column as usize)));
    });
    reduced.normalise();
    reduced
}

/// The neighbours of dense rows of length 1.
pub(crate) fn neighbours_of_dense(vectors: &Dense) -> Sparse {
    let count = vectors.rows().len();
    let nearest = |cosines: &mut Vec<f32>, number: usize| {
        cosines.clear();
        cosines.extend(vectors.rows().map(|other| dot(vectors.row(number), other)));
        cosines[number] = 0.0;
        keep_nearest(cosines)
    };
    symmetric((0..count).into_par_iter().map_init(Vec::new, nearest).collect())
}

fn keep_nearest(cosines: &[f32]) -> Vec<(u32, f32)> {
    let mut near: Vec<(u32, f32)> =
        (0..).zip(cosines).filter(|(_, cosine)| **cosine > 0.0).map(|(n, c)| (n, *c)).collect();
    let order = |one: &(u32, f32), other: &(u32, f32)| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0));
    if near.len() > NEIGHBOURS {
        near.select_nth_unstable_by(NEIGHBOURS - 1, order);
        near.truncate(NEIGHBOURS);
    }
    near.sort_unstable_by_key(|(number, _)| *number);
    near
}

/// An edge wherever one is near to the other, and an edge of weight 1 to itself; scaled by the degrees of both ends.
fn symmetric(nearest: Vec<Vec<(u32, f32)>>) -> Sparse {
    let count = nearest.len();
    let directed = Sparse::new(nearest, count);
    let back = directed.transposed();
    let mut rows: Vec<Vec<(u32, f32)>> = directed.rows;
    for ((row, back), number) in rows.iter_mut().zip(back.rows).zip(0..) {
        row.extend(back);
        row.push((number, 1.0));
        row.sort_unstable_by_key(|(other, _)| *other);
        row.dedup_by_key(|(other, _)| *other);
    }
    let scale: Vec<f32> = rows.iter().map(|row| 1.0 / row.iter().map(|(_, w)| w).sum::<f32>().sqrt()).collect();
    for (row, own) in rows.iter_mut().zip(&scale) {
        row.iter_mut().for_each(|(other, weight)| *weight *= own * scale[*other as usize]);
    }
    Sparse::new(rows, count)
}

/// Each vector becomes the mean of what reaches it in one to [`STEPS`] steps over the graph, and a little of itself; of length 1.
pub(crate) fn smooth(vectors: &Dense, graph: &Sparse) -> Dense {
    let mut sum = Dense { values: vec![0.0; vectors.values.len()], width: vectors.width };
    let mut reached = vectors.clone();
    for _ in 0..STEPS {
        reached = graph.times(&reached);
        add(&mut sum.values, (1.0 - OWN) / STEPS as f32, &reached.values);
    }
    add(&mut sum.values, OWN, &vectors.values);
    sum.normalise();
    sum
}
