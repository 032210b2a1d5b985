//! k-means on the map, with k-means++ seeds (Arthur & Vassilvitskii 2007), for weighted points in the plane.

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::components::uniform;

/// A place on the map.
pub type Point = [f64; 2];

/// Above so many distances, the nearest centres are looked for by several threads.
const WORTH_THREADS: usize = 1 << 20;

/// Points put into clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// The cluster of each point.
    pub labels: Vec<usize>,
    /// The weighted mean of each cluster's points.
    pub centres: Vec<Point>,
    /// The weighted sum of squared distances to the centres.
    pub inertia: f64,
}

/// Chooses up to `count` of the points as centres, far from each other. There are fewer if there are fewer distinct points.
pub fn seeds(points: &[Point], weights: &[f64], count: usize, random: &mut ChaCha8Rng) -> Vec<Point> {
    let mut nearest = vec![1.0; points.len()];
    let mut centres: Vec<Point> = Vec::new();
    while centres.len() < count {
        let total: f64 = nearest.iter().zip(weights).map(|(nearest, weight)| nearest * weight).sum();
        let mut left = uniform(random) * total;
        let drawn = nearest.iter().zip(weights).position(|(nearest, weight)| {
            left -= nearest * weight;
            *nearest * *weight > 0.0 && left <= 0.0
        });
        // Rounding may leave a little at the end: then it is the last one that can be drawn.
        let last = || nearest.iter().zip(weights).rposition(|(nearest, weight)| *nearest * *weight > 0.0);
        let Some(chosen) = drawn.or_else(last) else { break };
        let centre = points[chosen];
        for (nearest, point) in nearest.iter_mut().zip(points) {
            let distance = squared_distance(point, &centre);
            *nearest = if centres.is_empty() { distance } else { nearest.min(distance) };
        }
        centres.push(centre);
    }
    centres
}

/// Lloyd's iterations from `centres`, until nothing changes or `most` are done. Clusters without a point are dropped.
pub fn lloyd(points: &[Point], weights: &[f64], mut centres: Vec<Point>, most: usize) -> Clusters {
    let mut labels: Vec<usize> = Vec::new();
    for _ in 0..most.max(1) {
        let nearest = nearest(points, &centres);
        let done = nearest == labels;
        labels = nearest;
        if done {
            break;
        }
        centres = means(points, weights, &mut labels, centres.len());
    }
    let inertia = points
        .iter()
        .zip(weights)
        .zip(&labels)
        .map(|((point, weight), label)| weight * squared_distance(point, &centres[*label]))
        .sum();
    Clusters { labels, centres, inertia }
}

/// The nearest of `centres` to each point; of equally near ones the first.
pub fn nearest(points: &[Point], centres: &[Point]) -> Vec<usize> {
    let of = |point: &Point| {
        let mut best = (f64::INFINITY, 0);
        for (place, centre) in centres.iter().enumerate() {
            let distance = squared_distance(point, centre);
            if distance < best.0 {
                best = (distance, place);
            }
        }
        best.1
    };
    if points.len() * centres.len() < WORTH_THREADS {
        return points.iter().map(of).collect();
    }
    points.par_iter().map(of).collect()
}

/// The weighted mean of each cluster; clusters without weight are dropped, and `labels` numbered anew.
pub fn means(points: &[Point], weights: &[f64], labels: &mut [usize], count: usize) -> Vec<Point> {
    let mut sums = vec![[0.0; 3]; count];
    for ((point, weight), label) in points.iter().zip(weights).zip(labels.iter()) {
        let sum = &mut sums[*label];
        sum[0] += weight * point[0];
        sum[1] += weight * point[1];
        sum[2] += weight;
    }
    let mut places = vec![0; count];
    let mut centres = Vec::new();
    for (place, [x, y, weight]) in places.iter_mut().zip(sums) {
        *place = centres.len();
        if weight > 0.0 {
            centres.push([x / weight, y / weight]);
        }
    }
    labels.iter_mut().for_each(|label| *label = places[*label]);
    centres
}

/// The square of the distance between two places.
pub fn squared_distance(one: &Point, other: &Point) -> f64 {
    let (x, y) = (one[0] - other[0], one[1] - other[1]);
    x * x + y * y
}
