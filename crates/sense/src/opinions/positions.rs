//! Where people and statements stand on the map, and how they stand to their group.

use super::clusters::{Point, squared_distance};
use super::components::Components;
use super::{Vote, Votes};

/// Projects each participant onto the axes.
///
/// Few votes make a small sum, so it is stretched by √(`statements` / (votes + `neutral`)): as if everybody had also cast
/// `neutral` votes that lie in the middle of the map.
pub fn participants(votes: &Votes, components: &Components, statements: usize, neutral: f64) -> Vec<Point> {
    let table: Vec<Point> = components
        .centre
        .iter()
        .zip(&components.axes[0])
        .zip(&components.axes[1])
        .flat_map(|((mean, x), y)| Vote::ALL.map(|vote| [(vote.value() - mean) * x, (vote.value() - mean) * y]))
        .collect();
    let place = |participant| {
        let row = votes.row(participant);
        let mut sum = [0.0; 2];
        for code in row {
            let [x, y] = table[*code as usize];
            sum[0] += x;
            sum[1] += y;
        }
        let stretch = (statements as f64 / (row.len() as f64 + neutral).max(1.0)).sqrt();
        sum.map(|coordinate| coordinate * stretch)
    };
    (0..votes.participants()).map(place).collect()
}

/// Where somebody would stand who agreed with one statement and voted on nothing else.
pub fn statements(components: &Components, statements: usize) -> Vec<Point> {
    let stretch = (statements as f64).sqrt();
    let agree = |((mean, x), y): ((&f64, &f64), &f64)| [stretch * (1.0 - mean) * x, stretch * (1.0 - mean) * y];
    components.centre.iter().zip(&components.axes[0]).zip(&components.axes[1]).map(agree).collect()
}

/// How a person stands to everybody and to the own group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// 1 minus the distance to the middle of everybody.
    pub centricness: f64,
    /// 1 minus the distance to the middle of the group.
    pub coreness: f64,
    /// How much farther from everybody's middle than the group is, in the group's direction.
    pub extremeness: f64,
}

/// The standing of each person who is in one of `count` groups.
pub fn standings(places: &[Point], groups: &[Option<usize>], count: usize) -> Vec<Option<Standing>> {
    let everybody = mean(places.iter());
    let members = |group| places.iter().zip(groups).filter(move |(_, of)| **of == Some(group)).map(|(place, _)| place);
    let centres: Vec<Point> = (0..count).map(|group| mean(members(group))).collect();
    let standing = |place: &Point, group: usize| {
        let centre = centres.get(group)?;
        let away = [centre[0] - everybody[0], centre[1] - everybody[1]];
        let length = away[0].hypot(away[1]);
        let beyond = (place[0] - centre[0]) * away[0] + (place[1] - centre[1]) * away[1];
        Some(Standing {
            centricness: 1.0 - squared_distance(place, &everybody).sqrt(),
            coreness: 1.0 - squared_distance(place, centre).sqrt(),
            extremeness: if length > 0.0 { beyond / length } else { 0.0 },
        })
    };
    places.iter().zip(groups).map(|(place, group)| group.and_then(|group| standing(place, group))).collect()
}

fn mean<'a>(places: impl Iterator<Item = &'a Point>) -> Point {
    let (sum, count) =
        places.fold(([0.0; 2], 0.0), |(sum, count), place| ([sum[0] + place[0], sum[1] + place[1]], count + 1.0));
    sum.map(|coordinate| coordinate / f64::max(count, 1.0))
}
