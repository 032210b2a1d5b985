//! Spherical k-means: vectors of length 1, each with the centre that it has the smallest angle to.
//!
//! Literature: I. Dhillon and D. Modha, “Concept decompositions for large sparse text data using clustering”, 2001;
//! D. Arthur and S. Vassilvitskii, “k-means++”, 2007.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::*;

use super::space::uniform;
use super::sparse::{Dense, add, dot};

/// Rounds after which it ends in any case.
const ROUNDS: usize = 40;
/// It ends when fewer than one in so many vectors moved.
const SETTLED: usize = 200;
/// Products of vector and centre that all beginnings together may cost, in the first round.
const BUDGET: usize = 200_000;
/// Beginnings at most.
const BEGINNINGS: usize = 5;

/// Vectors in groups.
#[derive(Clone)]
pub(crate) struct Clusters {
    /// The group of each vector.
    pub of: Vec<usize>,
    /// The direction of each group.
    pub centres: Dense,
    /// The mean cosine of vectors and their centres.
    pub cohesion: f64,
}

/// The best of several beginnings, into at most `count` groups, none of them empty.
pub(crate) fn cluster(vectors: &Dense, count: usize, seed: u64) -> Clusters {
    let rows = vectors.rows().len();
    let beginnings = (BUDGET / (rows * count).max(1)).clamp(1, BEGINNINGS) as u64;
    let one = |number: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(number);
        settle(vectors, begin(vectors, count, &mut random))
    };
    let all: Vec<Clusters> = (0..beginnings).into_par_iter().map(one).collect();
    let best = all.into_iter().reduce(|best, other| if other.cohesion > best.cohesion { other } else { best });
    best.unwrap_or_else(|| settle(vectors, Dense::zero(0, vectors.width)))
}

/// k-means++: each next centre is a vector, with a chance in proportion to its distance from the nearest so far.
fn begin(vectors: &Dense, count: usize, random: &mut ChaCha8Rng) -> Dense {
    let rows = vectors.rows().len();
    let mut centres = Dense { values: Vec::with_capacity(count * vectors.width), width: vectors.width };
    let mut far = vec![1.0_f32; rows];
    for _ in 0..count.min(rows) {
        let total: f64 = far.iter().map(|far| f64::from(*far)).sum();
        if total <= 1e-6 {
            break;
        }
        let mut left = f64::from(uniform(random)) * total;
        let chosen = far.iter().position(|far| {
            left -= f64::from(*far);
            left < 0.0 && *far > 0.0
        });
        let chosen = chosen.or_else(|| far.iter().rposition(|far| *far > 0.0)).unwrap_or(0);
        let centre = vectors.row(chosen).to_vec();
        far.iter_mut().zip(vectors.rows()).for_each(|(far, row)| *far = far.min((1.0 - dot(row, &centre)).max(0.0)));
        far[chosen] = 0.0;
        centres.values.extend(centre);
    }
    centres
}

/// Assigns and averages until (nearly) nothing moves.
pub(crate) fn settle(vectors: &Dense, mut centres: Dense) -> Clusters {
    let rows = vectors.rows().len();
    let mut of = vec![usize::MAX; rows];
    for _ in 0..ROUNDS {
        let nearest = nearest(vectors, &centres);
        let moved = of.iter().zip(&nearest).filter(|(before, (now, _))| *before != now).count();
        of = nearest.iter().map(|(group, _)| *group).collect();
        if moved * SETTLED <= rows {
            break;
        }
        centres = means(vectors, &of, centres.rows().len());
    }
    drop_empty(vectors, of, centres.rows().len())
}

/// The nearest centre of each vector, and its cosine.
pub(crate) fn nearest(vectors: &Dense, centres: &Dense) -> Vec<(usize, f32)> {
    let best = |row: &[f32]| {
        let mut best = (0, f32::NEG_INFINITY);
        for (number, centre) in centres.rows().enumerate() {
            let cosine = dot(row, centre);
            if cosine > best.1 {
                best = (number, cosine);
            }
        }
        best
    };
    vectors.values.par_chunks_exact(vectors.width).with_min_len(64).map(best).collect()
}

/// The direction of the sum of each group.
pub(crate) fn means(vectors: &Dense, of: &[usize], count: usize) -> Dense {
    let mut centres = Dense { values: vec![0.0; count * vectors.width], width: vectors.width };
    vectors.rows().zip(of).for_each(|(row, group)| add(centres.row_mut(*group), 1.0, row));
    centres.normalise();
    centres
}

fn drop_empty(vectors: &Dense, mut of: Vec<usize>, count: usize) -> Clusters {
    let mut sizes = vec![0_usize; count];
    of.iter().for_each(|group| sizes[*group] += 1);
    let mut next = 0;
    let numbers: Vec<usize> = sizes
        .iter()
        .map(|size| {
            let number = next;
            next += usize::from(*size > 0);
            number
        })
        .collect();
    of.iter_mut().for_each(|group| *group = numbers[*group]);
    let centres = means(vectors, &of, next);
    let cosines = vectors.rows().zip(&of).map(|(row, group)| f64::from(dot(row, centres.row(*group))));
    let cohesion = cosines.sum::<f64>() / of.len().max(1) as f64;
    Clusters { of, centres, cohesion }
}
