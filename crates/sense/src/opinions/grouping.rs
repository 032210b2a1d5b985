//! Opinion groups: people who are near each other on the map.
//!
//! In two levels. Up to 100 base clusters gather neighbours; the base clusters are put into groups, from several starts; then, for
//! each of these, every person is moved to the nearest group until nobody moves; and the one with the least inertia is taken. How many groups there are is chosen by the silhouette
//! (Rousseeuw 1987), exact over the base clusters.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::clusters::{self, Clusters, Point};

/// How many base clusters there are at most.
pub const BASE_CLUSTERS: usize = 100;
/// How often the base clusters are put into groups from other seeds.
pub const STARTS: u64 = 20;
/// How often people are moved between base clusters: these gather neighbours, and need not be the very best.
const BASE_ITERATIONS: usize = 10;
const ITERATIONS: usize = 100;

/// How many groups to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// As many as fit best, two to five.
    Auto,
    /// So many.
    Exactly(usize),
}

/// People in groups.
#[derive(Debug, Clone)]
pub struct Grouping {
    /// The group of each point, by falling size of the groups.
    pub labels: Vec<usize>,
    /// The centre of each group.
    pub centres: Vec<Point>,
    /// The centre of each base cluster.
    pub base_centres: Vec<Point>,
    /// The mean silhouette over people for each number of groups that was tried, from −1 to 1; none for one group.
    pub silhouettes: Vec<(usize, f64)>,
}

/// Puts `points` into groups. With a `previous` grouping of nearly the same points, its centres are where the search begins.
pub fn group(points: &[Point], count: Count, seed: u64, previous: Option<&Grouping>) -> Grouping {
    let ones = vec![1.0; points.len()];
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // A map of nobody has no clusters to begin with.
    let previous = previous.filter(|previous| !previous.base_centres.is_empty());
    let (start, iterations) = match previous {
        Some(previous) => (previous.base_centres.clone(), 1),
        None => (clusters::seeds(points, &ones, BASE_CLUSTERS, &mut random), BASE_ITERATIONS),
    };
    let base = clusters::lloyd(points, &ones, start, iterations);
    let mut weights = vec![0.0; base.centres.len()];
    base.labels.iter().for_each(|label| weights[*label] += 1.0);
    let distances = distances(&base.centres);
    let most = 5.min(2 + base.centres.len() / 12);
    let counts = match count {
        Count::Auto => 2..=most,
        Count::Exactly(count) => count.max(1)..=count.max(1),
    };
    let mut best: Option<(f64, Vec<Clusters>)> = None;
    let mut silhouettes = Vec::new();
    for count in counts {
        let kept = previous.filter(|previous| previous.centres.len() == count).map(|previous| &previous.centres);
        let found = from_starts(&base.centres, &weights, count, &mut random, kept);
        let Some(least) = found.first() else { break };
        let silhouette = silhouette(&distances, &weights, least);
        silhouettes.push((least.centres.len(), silhouette));
        if best.as_ref().is_none_or(|(most, _)| silhouette > *most) {
            best = Some((silhouette, found));
        }
    }
    let starts = best.map(|(_, found)| found).unwrap_or_default();
    let settled = starts.into_iter().map(|found| clusters::lloyd(points, &ones, found.centres, ITERATIONS));
    let least = settled.reduce(|best, next| if next.inertia < best.inertia { next } else { best });
    let mut groups = least.unwrap_or_else(|| clusters::lloyd(points, &ones, Vec::new(), 1));
    by_size(&mut groups);
    silhouettes.retain(|(count, _)| *count > 1);
    silhouettes.dedup_by_key(|(count, _)| *count);
    Grouping { labels: groups.labels, centres: groups.centres, base_centres: base.centres, silhouettes }
}

/// The groupings of base clusters that differ, by rising inertia.
fn from_starts(
    points: &[Point],
    weights: &[f64],
    count: usize,
    random: &mut ChaCha8Rng,
    previous: Option<&Vec<Point>>,
) -> Vec<Clusters> {
    let starts = if previous.is_some() { 1 } else { STARTS };
    let mut found: Vec<Clusters> = Vec::new();
    for _ in 0..starts {
        let start = previous.cloned().unwrap_or_else(|| clusters::seeds(points, weights, count, random));
        found.push(clusters::lloyd(points, weights, start, ITERATIONS));
    }
    found.sort_by(|one, other| one.inertia.total_cmp(&other.inertia));
    found.dedup_by(|next, last| (next.inertia - last.inertia).abs() <= 1e-9 * last.inertia);
    found
}

fn distances(points: &[Point]) -> Vec<Vec<f64>> {
    let to_all = |one: &Point| points.iter().map(|other| clusters::squared_distance(one, other).sqrt()).collect();
    points.iter().map(to_all).collect()
}

/// The mean silhouette of base clusters in groups, each weighing as many as it has people. Alone in its group, it has none.
fn silhouette(distances: &[Vec<f64>], weights: &[f64], groups: &Clusters) -> f64 {
    let count = groups.centres.len();
    let mut sizes = vec![0.0; count];
    groups.labels.iter().for_each(|label| sizes[*label] += 1.0);
    let (mut sum, mut total) = (0.0, 0.0);
    let mut to_groups = vec![0.0; count];
    for ((row, label), weight) in distances.iter().zip(&groups.labels).zip(weights) {
        to_groups.fill(0.0);
        row.iter().zip(&groups.labels).for_each(|(distance, label)| to_groups[*label] += distance);
        let others = (0..count).filter(|group| group != label);
        let outside = others.map(|group| to_groups[group] / sizes[group]).fold(f64::INFINITY, f64::min);
        let inside = to_groups[*label] / (sizes[*label] - 1.0);
        let larger = inside.max(outside);
        if sizes[*label] > 1.0 && larger.is_finite() && larger > 0.0 {
            sum += weight * (outside - inside) / larger;
        }
        total += weight;
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

/// Numbers the groups by falling size; of equally large ones the one with the first point comes first.
fn by_size(groups: &mut Clusters) {
    let mut sizes = vec![(0_usize, usize::MAX); groups.centres.len()];
    for (place, label) in groups.labels.iter().enumerate() {
        sizes[*label].0 += 1;
        sizes[*label].1 = sizes[*label].1.min(place);
    }
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|group| (usize::MAX - sizes[*group].0, sizes[*group].1));
    let mut places = vec![0; order.len()];
    order.iter().enumerate().for_each(|(place, group)| places[*group] = place);
    groups.labels.iter_mut().for_each(|label| *label = places[*label]);
    groups.centres = order.iter().map(|group| groups.centres[*group]).collect();
}

/// How far two groupings of the same people agree: 1 if they are the same, about 0 if they have nothing to do with each other
/// (adjusted Rand index, Hubert & Arabie 1985).
pub fn adjusted_rand(one: &[usize], other: &[usize]) -> f64 {
    let pairs = |count: &usize| (*count as f64) * (*count as f64 - 1.0) / 2.0;
    let size = |labels: &[usize]| labels.iter().max().map_or(0, |most| most + 1);
    let (rows, columns) = (size(one), size(other));
    let mut table = vec![0_usize; rows * columns];
    let (mut row_sums, mut column_sums) = (vec![0_usize; rows], vec![0_usize; columns]);
    for (row, column) in one.iter().zip(other) {
        table[row * columns + column] += 1;
        row_sums[*row] += 1;
        column_sums[*column] += 1;
    }
    let both: f64 = table.iter().map(pairs).sum();
    let (row_pairs, column_pairs): (f64, f64) = (row_sums.iter().map(pairs).sum(), column_sums.iter().map(pairs).sum());
    let all = pairs(&one.len().min(other.len()));
    let expected = if all > 0.0 { row_pairs * column_pairs / all } else { 0.0 };
    let most = f64::midpoint(row_pairs, column_pairs);
    if (most - expected).abs() < f64::EPSILON * most.max(1.0) { 1.0 } else { (both - expected) / (most - expected) }
}
