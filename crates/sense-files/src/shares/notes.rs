//! What is odd about a file, though it can be counted: somebody should look at it, and nothing is left out because of it.

use super::decimal::Decimal;
use super::reading::Reading;

/// Compares what META says with what is there.
pub(super) fn notes(reading: &Reading) -> Vec<String> {
    let mut notes = Vec::new();
    for (key, there) in [("num_projects", reading.ids.len()), ("num_votes", reading.voters.len())] {
        if let Some(said) = reading.value(key).filter(|said| said.parse() != Ok(there)) {
            notes.push(format!("{key} says {said}, and there are {there}"));
        }
    }
    for limit in LIMITS {
        let Some(value) = reading.value(limit.key).and_then(Decimal::parse) else { continue };
        let of = |ballot: &[(u32, Decimal)]| (limit.of)(reading, ballot);
        let breaks = |found: f64| if limit.is_least { found < float(value) } else { found > float(value) };
        let broken = reading.ballots().filter(|ballot| breaks(of(ballot))).count();
        if broken > 0 {
            notes.push(format!(
                "{broken} votes are against {} ({}); they were counted as they are",
                limit.key, limit.says
            ));
        }
    }
    for key in ["min_project_score_threshold", "budget_per_category", "budget_per_neighborhood"] {
        if reading.value(key).is_some_and(|value| !value.is_empty()) {
            notes.push(format!("META has {key}, which is not applied"));
        }
    }
    notes
}

/// What META can ask of every ballot.
struct Limit {
    key: &'static str,
    says: &'static str,
    is_least: bool,
    of: fn(&Reading, &[(u32, Decimal)]) -> f64,
}

const LIMITS: [Limit; 8] = [
    Limit { key: "min_length", says: "they name too few projects", is_least: true, of: length },
    Limit { key: "max_length", says: "they name too many projects", is_least: false, of: length },
    Limit { key: "min_sum_cost", says: "what they name costs too little", is_least: true, of: sum_of_costs },
    Limit { key: "max_sum_cost", says: "what they name costs too much", is_least: false, of: sum_of_costs },
    Limit { key: "min_sum_points", says: "they give too few points", is_least: true, of: sum_of_points },
    Limit { key: "max_sum_points", says: "they give too many points", is_least: false, of: sum_of_points },
    Limit { key: "min_points", says: "they give a project too few points", is_least: true, of: least_points },
    Limit { key: "max_points", says: "they give a project too many points", is_least: false, of: most_points },
];

#[expect(clippy::cast_precision_loss, reason = "more projects than that are on no ballot")]
fn length(_: &Reading, ballot: &[(u32, Decimal)]) -> f64 {
    ballot.len() as f64
}

fn sum_of_costs(reading: &Reading, ballot: &[(u32, Decimal)]) -> f64 {
    ballot.iter().filter_map(|(project, _)| reading.costs.get(*project as usize)).copied().map(float).sum()
}

fn sum_of_points(_: &Reading, ballot: &[(u32, Decimal)]) -> f64 {
    let sum: f64 = ballot.iter().map(|(_, points)| float(*points)).sum();
    // Thirds that were rounded to some decimals need not be a whole again.
    (sum * 1e6).round() / 1e6
}

fn least_points(_: &Reading, ballot: &[(u32, Decimal)]) -> f64 {
    ballot.iter().map(|(_, points)| float(*points)).fold(f64::INFINITY, f64::min)
}

fn most_points(_: &Reading, ballot: &[(u32, Decimal)]) -> f64 {
    ballot.iter().map(|(_, points)| float(*points)).fold(f64::NEG_INFINITY, f64::max)
}

#[expect(clippy::cast_precision_loss, reason = "for a note only")]
fn float(number: Decimal) -> f64 {
    number.digits as f64 / 10f64.powi(i32::try_from(number.places).unwrap_or(0))
}
