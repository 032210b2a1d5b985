//! Finds groups in a sample of the texts, decides how many there are, and says how far each text belongs to each group.

use rayon::prelude::*;

use super::cluster::{Clusters, cluster, means, settle};
use super::sparse::{Dense, Sparse, dot};
use super::tree::{cut, silhouette, tree};
use super::{Assigned, BELONGS, Document, Options, space};

/// Themes are found in so many texts at most, drawn by their content; all others are then assigned to them.
const SAMPLE: usize = 8_000;
/// What one text says in several words it says only once: the concentration that would follow from independent words is discounted.
const INDEPENDENT: f32 = 0.25;
/// When the number of themes is to be found: the fewest and the most that are tried, and the fewest texts for each.
///
/// Two or three themes are nearly always apart, as some texts are odd, and tell an analyst nothing.
const FEWEST: usize = 4;
const MOST: usize = 40;
const FEWEST_TEXTS: usize = 12;

/// Groups, by what texts say themselves and by what they say together with their neighbours.
pub(crate) struct Fitted {
    /// Direction of each group, of the texts' own vectors.
    own: Dense,
    /// Direction of each group, of the vectors that took over from neighbours.
    smoothed: Dense,
    /// For each text its place in the sample.
    sampled: Vec<Option<usize>>,
    /// The vectors of the sample, after smoothing.
    vectors: Dense,
    /// How sharp the groups are: the concentration of a von Mises–Fisher distribution around each.
    concentration: f32,
    /// The mean silhouette of the sample.
    pub clarity: f64,
}

/// Groups the texts. `vectors` have length 1, or 0 where a text says nothing; `graph` connects the texts of the `sample`.
pub(crate) fn fit(vectors: &Dense, sample: &[usize], graph: Sparse, options: Options) -> Fitted {
    let own = vectors.select(sample);
    let smoothed = space::smooth(&own, &graph);
    let clusters = match options.themes {
        Some(count) => cluster(&smoothed, count, options.seed),
        None => as_many_as_there_are(&smoothed, options.seed),
    };
    let groups = clusters.centres.rows().len();
    let mut sampled = vec![None; vectors.rows().len()];
    for (row, place) in sample.iter().enumerate() {
        sampled[*place] = Some(row);
    }
    let clarity = silhouette(&smoothed, &clusters.of, &clusters.centres);
    let mut fitted = Fitted {
        own: means(&own, &clusters.of, groups),
        smoothed: clusters.centres,
        sampled,
        vectors: smoothed,
        concentration: 0.0,
        clarity,
    };
    let rows = sample.iter().zip(&clusters.of);
    let cosines = rows.map(|(place, group)| f64::from(dot(vectors.row(*place), fitted.own.row(*group))));
    fitted.concentration =
        INDEPENDENT * concentration(cosines.sum::<f64>() / sample.len().max(1) as f64, vectors.width);
    fitted
}

/// By A. Banerjee et al., “Clustering on the unit hypersphere using von Mises–Fisher distributions”, 2005, (4.4).
fn concentration(mean: f64, width: usize) -> f32 {
    let mean = mean.clamp(0.0, 0.99);
    ((mean * width as f64 - mean.powi(3)) / (1.0 - mean * mean)) as f32
}

/// Texts that say something: all, or those whose content has the smallest digest (FNV-1a), which any order of rows leaves alike.
pub(crate) fn sample(documents: &[Document], vectors: &Dense) -> Vec<usize> {
    let digest = |text: &str| {
        text.bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    let says = |(place, _): &(usize, &Document)| vectors.row(*place).iter().any(|value| *value != 0.0);
    let mut sample: Vec<(u64, usize)> =
        documents.iter().enumerate().filter(says).map(|(place, document)| (digest(document.text), place)).collect();
    if sample.len() > SAMPLE {
        sample.select_nth_unstable(SAMPLE);
        sample.truncate(SAMPLE);
    }
    let mut places: Vec<usize> = sample.into_iter().map(|(_, place)| place).collect();
    places.sort_unstable();
    places
}

/// Finds many small groups, merges them along their tree, and keeps the number at which texts lie most clearly in their groups.
fn as_many_as_there_are(vectors: &Dense, seed: u64) -> Clusters {
    let rows = vectors.rows().len();
    let most = (rows / FEWEST_TEXTS).clamp(1, MOST);
    let fine = cluster(vectors, most, seed);
    let groups = fine.centres.rows().len();
    let mut sizes = vec![0; groups];
    fine.of.iter().for_each(|group| sizes[*group] += 1);
    let mergers = tree(&fine.centres, &sizes);
    let mut best = (f64::NEG_INFINITY, groups);
    for count in FEWEST.min(groups).max(1)..=groups {
        let branch = cut(&mergers, groups, count);
        let of: Vec<usize> = fine.of.iter().map(|group| branch[*group]).collect();
        let clarity = silhouette(vectors, &of, &means(vectors, &of, count));
        if clarity > best.0 {
            best = (clarity, count);
        }
    }
    let branch = cut(&mergers, groups, best.1);
    let of: Vec<usize> = fine.of.iter().map(|group| branch[*group]).collect();
    settle(vectors, means(vectors, &of, best.1))
}

impl Fitted {
    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.own.rows().len()
    }

    pub fn centres(&self) -> &Dense {
        &self.smoothed
    }

    /// The cosine of a text and a group; the mean of both kinds of vectors if it has both.
    fn cosine(&self, place: usize, vectors: &Dense, group: usize) -> f32 {
        let own = dot(vectors.row(place), self.own.row(group));
        match self.sampled.get(place).copied().flatten() {
            Some(row) => f32::midpoint(own, dot(self.vectors.row(row), self.smoothed.row(group))),
            None => own,
        }
    }

    /// The groups of each text (from 0), the surest first, then those with at least [`BELONGS`]; none if the text says nothing.
    pub fn scores(&self, vectors: &Dense) -> Vec<Vec<Assigned>> {
        let count = vectors.rows().len();
        (0..count).into_par_iter().with_min_len(64).map(|place| self.score(place, vectors)).collect()
    }

    fn score(&self, place: usize, vectors: &Dense) -> Vec<Assigned> {
        if vectors.row(place).iter().all(|value| *value == 0.0) {
            return Vec::new();
        }
        let cosines: Vec<f32> = (0..self.groups()).map(|group| self.cosine(place, vectors, group)).collect();
        let most = cosines.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let shares: Vec<f32> = cosines.iter().map(|cosine| libm::expf(self.concentration * (cosine - most))).collect();
        let total: f32 = shares.iter().sum();
        let all = shares.iter().enumerate().map(|(theme, share)| Assigned { theme, score: share / total });
        let mut all: Vec<Assigned> = all.filter(|one| one.score >= BELONGS || one.score * total >= 1.0).collect();
        all.sort_by(|one, other| other.score.total_cmp(&one.score).then(one.theme.cmp(&other.theme)));
        let mut first = true;
        all.retain(|one| std::mem::take(&mut first) || one.score >= BELONGS);
        all
    }
}
