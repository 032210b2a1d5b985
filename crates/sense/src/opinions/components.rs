//! The directions in which people's votes differ most: principal components of the centred votes, where a missing vote counts as
//! the mean of its statement.
//!
//! Exact (to rounding) at every size: a block Krylov method with Rayleigh–Ritz extraction (Golub & Underwood 1977; Saad, *Numerical
//! Methods for Large Eigenvalue Problems*, ch. 6) on the sparse votes. The sums are taken over fixed portions of the rows in a
//! fixed order, so that the number of threads changes nothing.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

use super::Votes;

/// How many vectors are carried along: two that are wanted, two that speed them up.
const BLOCK: usize = 4;
/// How many vectors the Krylov space may have before it is begun anew from the best of them.
const SPACE: usize = 48;
/// A component is found when what it fails to satisfy of its equation is this small, relative to the largest eigenvalue.
const TOLERANCE: f64 = 1e-12;
/// Against endless work where eigenvalues cannot be told apart in double precision.
const MOST_STEPS: usize = 600;
/// How many rows are summed up on their own.
const PORTION: usize = 4096;

/// The mean vote on each statement, and two directions of unit length.
#[derive(Debug, Clone)]
pub struct Components {
    /// The mean vote on each statement, from −1 to 1; 0 where nobody voted.
    pub centre: Vec<f64>,
    /// Two axes, by falling variance. Each one's largest loading is positive. All zero where there is no second direction.
    pub axes: [Vec<f64>; 2],
    /// The sum of squares along each axis.
    pub squares: [f64; 2],
    /// The sum of squares in all directions together.
    pub total_squares: f64,
    /// Where the next search may begin.
    space: Vec<Vec<f64>>,
}

/// Finds the two components of `votes`. A search that begins at the components of nearly the same votes (`previous`) is shorter.
pub fn components(votes: &Votes, previous: Option<&Components>) -> Components {
    let centred = Centred::new(votes);
    let mut start: Vec<Vec<f64>> = previous.map(|previous| previous.space.clone()).unwrap_or_default();
    start.iter_mut().for_each(|vector| vector.resize(votes.statements(), 0.0));
    let mut random = ChaCha8Rng::seed_from_u64(0);
    start.resize_with(BLOCK, || (0..votes.statements()).map(|_| uniform(&mut random) - 0.5).collect());
    let total_squares = centred.total_squares();
    let mut found = largest(&centred, start, total_squares);
    let mut axes = [vec![0.0; votes.statements()], vec![0.0; votes.statements()]];
    let mut squares = [0.0; 2];
    for ((axis, square), (value, vector)) in axes.iter_mut().zip(&mut squares).zip(&mut found) {
        fix_sign(vector);
        if *value > TOLERANCE * total_squares {
            axis.clone_from(vector);
            *square = *value;
        }
    }
    Components {
        centre: centred.centre,
        axes,
        squares,
        total_squares,
        space: found.into_iter().map(|(_, vector)| vector).collect(),
    }
}

/// A number from 0 to 1.
pub(super) fn uniform(random: &mut ChaCha8Rng) -> f64 {
    f64::from(random.next_u32()) / f64::from(u32::MAX)
}

/// The votes minus their means, never made.
struct Centred<'a> {
    votes: &'a Votes,
    centre: Vec<f64>,
    counts: Vec<[f64; 3]>,
}

impl<'a> Centred<'a> {
    fn new(votes: &'a Votes) -> Centred<'a> {
        let mut counts = vec![[0.0; 3]; votes.statements()];
        for participant in 0..votes.participants() {
            for code in votes.row(participant) {
                counts.as_flattened_mut()[*code as usize] += 1.0;
            }
        }
        let mean = |[disagree, pass, agree]: &[f64; 3]| (agree - disagree) / f64::max(disagree + pass + agree, 1.0);
        Centred { votes, centre: counts.iter().map(mean).collect(), counts }
    }

    /// A vote of −1, 0 or 1 on each statement, minus the mean.
    fn deviations(&self) -> impl Iterator<Item = [f64; 3]> {
        self.centre.iter().map(|mean| [-1.0 - mean, -mean, 1.0 - mean])
    }

    fn total_squares(&self) -> f64 {
        let squares = |(values, counts): ([f64; 3], &[f64; 3])| -> f64 {
            values.iter().zip(counts).map(|(value, count)| value * value * count).sum()
        };
        self.deviations().zip(&self.counts).map(squares).sum()
    }

    /// Multiplies up to [`BLOCK`] vectors with the centred matrix and then with its transpose, in one walk over the votes.
    fn gram(&self, vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let at = |vector: usize, statement: usize| vectors.get(vector).map_or(0.0, |vector| vector[statement]);
        let table: Vec<[f64; BLOCK]> = self
            .deviations()
            .enumerate()
            .flat_map(|(statement, values)| {
                values.map(|value| std::array::from_fn(|vector| value * at(vector, statement)))
            })
            .collect();
        let sums = self.sums(&table);
        let mut products = vec![Vec::with_capacity(self.centre.len()); vectors.len()];
        for (values, sums) in self.deviations().zip(sums.as_chunks::<3>().0) {
            for (vector, product) in products.iter_mut().enumerate() {
                product.push((0..3).map(|vote| values[vote] * sums[vote][vector]).sum());
            }
        }
        products
    }

    /// For each statement and vote: the sum over those who cast it of what their row gives in `table`.
    fn sums(&self, table: &[[f64; BLOCK]]) -> Vec<[f64; BLOCK]> {
        let participants = self.votes.participants();
        let portion = |begin: usize| {
            let mut sums = vec![[0.0; BLOCK]; table.len()];
            for participant in begin..participants.min(begin + PORTION) {
                let row = self.votes.row(participant);
                let mut score = [0.0; BLOCK];
                row.iter().for_each(|code| add(&mut score, &table[*code as usize]));
                row.iter().for_each(|code| add(&mut sums[*code as usize], &score));
            }
            sums
        };
        if participants <= PORTION {
            return portion(0);
        }
        let begins: Vec<usize> = (0..participants).step_by(PORTION).collect();
        let portions: Vec<Vec<[f64; BLOCK]>> = begins.into_par_iter().map(portion).collect();
        let mut total = vec![[0.0; BLOCK]; table.len()];
        for sums in portions {
            total.iter_mut().zip(&sums).for_each(|(total, sums)| add(total, sums));
        }
        total
    }
}

fn add(to: &mut [f64; BLOCK], what: &[f64; BLOCK]) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += what);
}

/// The largest eigenvalues of the Gram matrix with their vectors, by falling value: up to [`BLOCK`], the first two exactly.
fn largest(centred: &Centred, start: Vec<Vec<f64>>, scale: f64) -> Vec<(f64, Vec<f64>)> {
    let mut space = Space::default();
    let mut block = space.new_directions(start, 0.0);
    for step in 1.. {
        let images = centred.gram(&block);
        space.extend(block, images.clone());
        let next = space.new_directions(images, scale);
        let full = space.vectors.len() + BLOCK > SPACE;
        if (step > 2 && step % 2 == 0) || full || next.is_empty() {
            let ritz = space.ritz();
            if next.is_empty()
                || step >= MOST_STEPS
                || ritz.iter().take(2).all(|pair| pair.residual <= TOLERANCE * scale)
            {
                return ritz.into_iter().map(|pair| (pair.value, pair.vector)).collect();
            }
            if full {
                space = Space::default();
                block = space.new_directions(ritz.into_iter().map(|pair| pair.vector).collect(), 0.0);
                continue;
            }
        }
        block = next;
    }
    Vec::new()
}

/// Orthonormal vectors, their products with the Gram matrix, and the Gram matrix seen from within.
#[derive(Default)]
struct Space {
    vectors: Vec<Vec<f64>>,
    images: Vec<Vec<f64>>,
    within: Vec<Vec<f64>>,
}

struct Ritz {
    value: f64,
    vector: Vec<f64>,
    residual: f64,
}

impl Space {
    fn extend(&mut self, vectors: Vec<Vec<f64>>, images: Vec<Vec<f64>>) {
        for (vector, image) in vectors.into_iter().zip(images) {
            self.vectors.push(vector);
            let row: Vec<f64> = self.vectors.iter().map(|vector| dot(vector, &image)).collect();
            self.images.push(image);
            self.within.push(row);
        }
    }

    /// What is new in `candidates`, orthonormal to all vectors so far; what is hardly new, measured by `scale`, is dropped.
    fn new_directions(&self, candidates: Vec<Vec<f64>>, scale: f64) -> Vec<Vec<f64>> {
        let mut new: Vec<Vec<f64>> = Vec::new();
        for mut candidate in candidates {
            let before = norm(&candidate);
            // Twice is enough (Kahan, in Parlett, The Symmetric Eigenvalue Problem, § 6.9).
            for _ in 0..2 {
                for known in self.vectors.iter().chain(&new) {
                    let share = dot(known, &candidate);
                    candidate.iter_mut().zip(known).for_each(|(to, known)| *to -= share * known);
                }
            }
            let left = norm(&candidate);
            if left > 1e-10 * before && left > 1e-14 * scale {
                candidate.iter_mut().for_each(|entry| *entry /= left);
                new.push(candidate);
            }
        }
        new
    }

    /// The best approximations to eigenvectors within the space.
    fn ritz(&self) -> Vec<Ritz> {
        let size = self.vectors.len();
        let mut matrix = vec![vec![0.0; size]; size];
        for (row, entries) in self.within.iter().enumerate() {
            for (column, entry) in entries.iter().enumerate() {
                matrix[row][column] = *entry;
                matrix[column][row] = *entry;
            }
        }
        let pairs = symmetric_eigen(matrix);
        let combine = |vectors: &[Vec<f64>], shares: &[f64]| {
            let mut sum = vec![0.0; vectors.first().map_or(0, Vec::len)];
            for (vector, share) in vectors.iter().zip(shares) {
                sum.iter_mut().zip(vector).for_each(|(sum, entry)| *sum += share * entry);
            }
            sum
        };
        let ritz = |(value, shares): (f64, Vec<f64>)| {
            let vector = combine(&self.vectors, &shares);
            let image = combine(&self.images, &shares);
            let left: Vec<f64> = image.iter().zip(&vector).map(|(image, entry)| image - value * entry).collect();
            Ritz { value, vector, residual: norm(&left) }
        };
        pairs.into_iter().take(BLOCK).map(ritz).collect()
    }
}

/// All eigenvalues and eigenvectors of a small symmetric matrix, by falling value (cyclic Jacobi rotations; Golub & Van Loan,
/// *Matrix Computations*, § 8.5).
fn symmetric_eigen(mut matrix: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let size = matrix.len();
    let mut vectors: Vec<Vec<f64>> =
        (0..size).map(|row| (0..size).map(|column| if row == column { 1.0 } else { 0.0 }).collect()).collect();
    let scale: f64 = matrix.iter().map(|row| dot(row, row)).sum::<f64>().sqrt();
    for _ in 0..60 {
        let mut off = 0.0;
        for p in 0..size {
            for q in p + 1..size {
                let entry = matrix[p][q];
                off += entry * entry;
                if entry.abs() > 1e-18 * scale {
                    rotate(&mut matrix, &mut vectors, p, q);
                }
            }
        }
        if off.sqrt() <= 1e-15 * scale {
            break;
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> =
        vectors.into_iter().enumerate().map(|(place, vector)| (matrix[place][place], vector)).collect();
    pairs.sort_by(|one, other| other.0.total_cmp(&one.0));
    pairs
}

/// One rotation that makes the entry at `p`, `q` zero. Rows of `vectors` are the eigenvectors.
fn rotate(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    let entry = matrix[p][q];
    let ratio = (matrix[q][q] - matrix[p][p]) / (2.0 * entry);
    let tangent = ratio.signum() / (ratio.abs() + (ratio * ratio + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    let turn = |one: &mut [f64], other: &mut [f64]| {
        for (one, other) in one.iter_mut().zip(other) {
            (*one, *other) = (cosine * *one - sine * *other, sine * *one + cosine * *other);
        }
    };
    for row in matrix.iter_mut() {
        (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
    }
    let (upper, lower) = matrix.split_at_mut(q);
    turn(&mut upper[p], &mut lower[0]);
    matrix[p][q] = 0.0;
    matrix[q][p] = 0.0;
    let (upper, lower) = vectors.split_at_mut(q);
    turn(&mut upper[p], &mut lower[0]);
}

fn fix_sign(vector: &mut [f64]) {
    // Of loadings that are equally large but for rounding, the first one decides.
    let most = vector.iter().fold(0.0, |most: f64, entry| most.max(entry.abs()));
    let decisive = vector.iter().copied().find(|entry| entry.abs() >= most * (1.0 - 1e-9)).unwrap_or(0.0);
    if decisive < 0.0 {
        vector.iter_mut().for_each(|entry| *entry = -*entry);
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    // Four sums side by side, so that the processor need not wait for each addition.
    let mut sums = [0.0; 4];
    let (one_fours, one_rest) = one.as_chunks::<4>();
    let (other_fours, other_rest) = other.as_chunks::<4>();
    for (one, other) in one_fours.iter().zip(other_fours) {
        (0..4).for_each(|lane| sums[lane] += one[lane] * other[lane]);
    }
    let rest: f64 = one_rest.iter().zip(other_rest).map(|(one, other)| one * other).sum();
    sums.iter().sum::<f64>() + rest
}

fn norm(vector: &[f64]) -> f64 {
    dot(vector, vector).sqrt()
}
