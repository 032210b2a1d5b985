//! Which themes are near each other: a tree, by merging again and again the two whose merger blurs least.
//!
//! Literature: J. Ward, “Hierarchical grouping to optimize an objective function”, 1963; P. Rousseeuw, “Silhouettes”, 1987, here
//! with centres in the place of members.

use serde::Serialize;

use super::sparse::{Dense, add, dot};

/// Two branches that become one. Themes have the numbers from 0; the first merger has the number after the last theme.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merger {
    /// The smaller number of the two.
    pub one: usize,
    /// The larger number.
    pub other: usize,
    /// How much is blurred: n₁n₂/(n₁+n₂) · |c₁ − c₂|², by Ward.
    pub height: f32,
}

/// All mergers of groups with these `centres` (directions) and `sizes`, the first one first.
pub(crate) fn tree(centres: &Dense, sizes: &[usize]) -> Vec<Merger> {
    let mut branches: Vec<(usize, f32, Vec<f32>)> = centres
        .rows()
        .zip(sizes)
        .enumerate()
        .map(|(number, (row, size))| (number, *size as f32, row.to_vec()))
        .collect();
    let mut mergers = Vec::new();
    let mut next = branches.len();
    while branches.len() > 1 {
        let mut best = (f32::INFINITY, 0, 1);
        for (place, one) in branches.iter().enumerate() {
            for (later, other) in branches.iter().enumerate().skip(place + 1) {
                let height = blur(one, other);
                if height < best.0 {
                    best = (height, place, later);
                }
            }
        }
        let other = branches.remove(best.2);
        let one = branches.remove(best.1);
        mergers.push(Merger { one: one.0.min(other.0), other: one.0.max(other.0), height: best.0 });
        let size = one.1 + other.1;
        let mut centre: Vec<f32> = one.2.iter().map(|value| value * one.1 / size).collect();
        add(&mut centre, other.1 / size, &other.2);
        branches.push((next, size, centre));
        next += 1;
    }
    mergers
}

fn blur(one: &(usize, f32, Vec<f32>), other: &(usize, f32, Vec<f32>)) -> f32 {
    let distance = dot(&one.2, &one.2) + dot(&other.2, &other.2) - 2.0 * dot(&one.2, &other.2);
    distance.max(0.0) * one.1 * other.1 / (one.1 + other.1)
}

/// The branch of each of `count` leaves when only `branches` are left.
pub(crate) fn cut(mergers: &[Merger], count: usize, branches: usize) -> Vec<usize> {
    let done = count.saturating_sub(branches);
    let mut top: Vec<usize> = (0..count).collect();
    for (merger, number) in mergers.iter().take(done).zip(count..) {
        top.iter_mut().filter(|top| **top == merger.one || **top == merger.other).for_each(|top| *top = number);
    }
    let mut names: Vec<usize> = top.clone();
    names.sort_unstable();
    names.dedup();
    top.iter().map(|top| names.binary_search(top).unwrap_or(0)).collect()
}

/// The mean silhouette of `vectors` by the distances (1 − cosine) from their own and from the next centre: from −1 to 1.
pub(crate) fn silhouette(vectors: &Dense, of: &[usize], centres: &Dense) -> f64 {
    let one = |(row, own): (&[f32], &usize)| {
        let distance = |centre: &[f32]| (1.0 - dot(row, centre)).max(0.0);
        let others = centres.rows().enumerate().filter(|(number, _)| number != own);
        let other = others.map(|(_, centre)| distance(centre)).fold(f32::INFINITY, f32::min);
        let own = distance(centres.row(*own));
        let larger = own.max(other);
        if larger > 0.0 && larger.is_finite() { f64::from((other - own) / larger) } else { 0.0 }
    };
    vectors.rows().zip(of).map(one).sum::<f64>() / of.len().max(1) as f64
}
