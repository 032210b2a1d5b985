//! Polis's published mathematics, number by number: given the same votes and groups, ours are the same.
//!
//! Polis counts agreement as −1, so centre and axes are compared with opposite signs. Its axes come from at most 100 steps of power
//! iteration and are compared by their angle; what depends on them is computed from its own.

#![expect(clippy::cast_precision_loss, reason = "people in a fixture are few")]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use folkmoot_sense::opinions::grouping::Count;
use folkmoot_sense::opinions::statements::{Side, across, consensus, priority, representative};
use folkmoot_sense::opinions::tallies::Tallies;
use folkmoot_sense::opinions::{Neutral, OpinionMap, Settings, Vote, Votes, positions};
use serde_json::Value;

const NEAR: f64 = 1e-9;
/// Polis keeps the z score of two proportions in single precision.
const NEAR_SINGLE: f64 = 1e-6;

struct Fixture {
    name: String,
    polis: Value,
    votes: Votes,
    people: Vec<u64>,
    statements: Vec<u64>,
    left_out: Vec<bool>,
    groups: Vec<Option<usize>>,
    count: usize,
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn id(value: &Value) -> u64 {
    value.as_u64().expect("an id")
}

fn load(folder: &Path) -> Fixture {
    let json = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name)).expect("a file");
        serde_json::from_str(&text).expect("JSON")
    };
    let polis = json("math-pca2.json");
    let mut statements: Vec<u64> = list(&polis["tids"]).iter().map(id).collect();
    statements.sort_unstable();
    let mut rows: BTreeMap<u64, Vec<(usize, Vote)>> = BTreeMap::new();
    for vote in list(&json("votes.json")) {
        let key = |one: &str, other: &str| id(vote.get(one).unwrap_or(&vote[other]));
        let statement = statements.binary_search(&key("tid", "statement_id")).expect("a known statement");
        let cast = Vote::ALL[usize::try_from(vote["vote"].as_i64().expect("a vote") + 1).expect("-1, 0 or 1")];
        rows.entry(key("pid", "participant_id")).or_default().push((statement, cast));
    }
    let bases = &polis["base-clusters"];
    let mut group_of = HashMap::new();
    for (number, group) in list(&polis["group-clusters"]).iter().enumerate() {
        for base in list(&group["members"]) {
            let place = list(&bases["id"]).iter().position(|id| id == base).expect("a base cluster");
            group_of.extend(list(&bases["members"][place]).iter().map(|person| (id(person), number)));
        }
    }
    let moderated: Vec<u64> = list(&polis["mod-out"]).iter().map(id).collect();
    let mut votes = Votes::new(statements.len());
    rows.values().for_each(|row| votes.push(row.iter().copied()));
    Fixture {
        name: folder.file_name().expect("a name").to_string_lossy().into_owned(),
        left_out: statements.iter().map(|statement| moderated.contains(statement)).collect(),
        groups: rows.keys().map(|person| group_of.get(person).copied()).collect(),
        count: list(&polis["group-clusters"]).len(),
        people: rows.into_keys().collect(),
        votes,
        statements,
        polis,
    }
}

/// Does `check` to every fixture, if they are there.
fn each(check: impl Fn(&Fixture)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/polis-math");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not here", folder.display());
        return;
    };
    let folders = entries.map(|entry| entry.expect("an entry").path());
    folders.filter(|folder| folder.join("math-pca2.json").exists()).for_each(|folder| check(&load(&folder)));
}

fn assert_near(ours: f64, theirs: f64, near: f64, what: &str) {
    assert!((ours - theirs).abs() <= near * theirs.abs().max(1.0), "{what}: {ours}, where Polis has {theirs}");
}

/// A list that stands in the order of `tids`, in the order of the statements' numbers.
fn in_order(fixture: &Fixture, values: &Value) -> Vec<f64> {
    let mut pairs: Vec<(u64, f64)> =
        list(&fixture.polis["tids"]).iter().map(id).zip(list(values).iter().map(number)).collect();
    pairs.sort_by_key(|(statement, _)| *statement);
    pairs.into_iter().map(|(_, value)| value).collect()
}

fn map(fixture: &Fixture) -> OpinionMap {
    let members: Vec<bool> = fixture.groups.iter().map(Option::is_some).collect();
    let settings = Settings {
        left_out: &fixture.left_out,
        members: Some(&members),
        count: Count::Exactly(fixture.count),
        neutral: Neutral::Moderated,
        seed: 0,
    };
    OpinionMap::new(&fixture.votes, &settings)
}

/// The map with the axes of Polis.
fn with_axes_of_polis(fixture: &Fixture) -> OpinionMap {
    let mut map = map(fixture);
    for (axis, theirs) in map.components.axes.iter_mut().zip(list(&fixture.polis["pca"]["comps"])) {
        *axis = in_order(fixture, theirs).iter().map(|entry| -entry).collect();
    }
    let mut used = Votes::new(fixture.statements.len());
    for person in 0..fixture.votes.participants() {
        used.push(fixture.votes.of(person).filter(|(statement, _)| !fixture.left_out[*statement]));
    }
    map.statements = positions::statements(&map.components, fixture.statements.len());
    map.places = positions::participants(&used, &map.components, fixture.statements.len(), map.neutral);
    map
}

#[test]
fn centre_and_components_are_those_of_polis() {
    each(|fixture| {
        let map = map(fixture);
        let pca = &fixture.polis["pca"];
        for (ours, theirs) in map.components.centre.iter().zip(in_order(fixture, &pca["center"])) {
            assert_near(-ours, theirs, NEAR, &format!("{}: centre", fixture.name));
        }
        for (axis, theirs) in map.components.axes.iter().zip(list(&pca["comps"])) {
            let cosine: f64 = axis.iter().zip(in_order(fixture, theirs)).map(|(ours, theirs)| ours * theirs).sum();
            assert_near(cosine.abs(), 1.0, NEAR, &format!("{}: direction of an axis", fixture.name));
        }
    });
}

#[test]
fn positions_and_extremities_are_those_of_polis() {
    each(|fixture| {
        let map = with_axes_of_polis(fixture);
        let theirs = in_order(fixture, &fixture.polis["pca"]["comment-extremity"]);
        for ([x, y], theirs) in map.statements.iter().zip(theirs) {
            assert_near(x.hypot(*y), theirs, NEAR, &format!("{}: extremity", fixture.name));
        }
        let bases = &fixture.polis["base-clusters"];
        for (place, members) in list(&bases["members"]).iter().enumerate() {
            let place_of = |person: &Value| fixture.people.binary_search(&id(person)).expect("somebody who voted");
            let members: Vec<[f64; 2]> = list(members).iter().map(|person| map.places[place_of(person)]).collect();
            for (axis, theirs) in [&bases["x"][place], &bases["y"][place]].into_iter().enumerate() {
                let ours = members.iter().map(|member| member[axis]).sum::<f64>() / members.len() as f64;
                assert_near(ours, number(theirs), NEAR, &format!("{}: a base cluster", fixture.name));
            }
        }
    });
}

#[test]
fn tallies_and_representative_statements_are_those_of_polis() {
    each(|fixture| {
        let tallies = Tallies::new(&fixture.votes, &fixture.groups, fixture.count);
        for group in 0..fixture.count {
            let votes = &fixture.polis["group-votes"][group.to_string()]["votes"];
            for (tally, statement) in tallies.groups[group].iter().zip(&fixture.statements) {
                let theirs = ["A", "D", "S"].map(|name| id(&votes[statement.to_string()][name]));
                assert_eq!([tally.agree, tally.disagree, tally.seen].map(u64::from), theirs, "{}", fixture.name);
            }
            let ours = representative(&tallies, group, &fixture.left_out);
            let theirs = list(&fixture.polis["repness"][group.to_string()]);
            assert_eq!(ours.len(), theirs.len(), "{}: group {group}", fixture.name);
            for (ours, theirs) in ours.iter().zip(theirs) {
                let what = format!("{}: group {group}, statement {}", fixture.name, theirs["tid"]);
                assert_eq!(fixture.statements[ours.statement], id(&theirs["tid"]), "{what}");
                assert_eq!(ours.side == Side::Agree, theirs["repful-for"] == "agree", "{what}");
                assert_eq!(ours.best_agree.map(u64::from), theirs.get("n-agree").map(id), "{what}");
                let counts = [ours.on_that_side, ours.seen].map(u64::from);
                assert_eq!(counts, [id(&theirs["n-success"]), id(&theirs["n-trials"])], "{what}");
                assert_near(ours.leaning.share, number(&theirs["p-success"]), NEAR, &what);
                assert_near(ours.leaning.share_test, number(&theirs["p-test"]), NEAR, &what);
                assert_near(ours.leaning.ratio, number(&theirs["repness"]), NEAR, &what);
                assert_near(ours.leaning.ratio_test, number(&theirs["repness-test"]), NEAR_SINGLE, &what);
            }
        }
    });
}

#[test]
fn consensus_and_priorities_are_those_of_polis() {
    each(|fixture| {
        let tallies = Tallies::new(&fixture.votes, &fixture.groups, fixture.count);
        let map = with_axes_of_polis(fixture);
        for (side, name) in [(Side::Agree, "agree"), (Side::Disagree, "disagree")] {
            let ours = consensus(&tallies.everybody, side, &fixture.left_out);
            let theirs = list(&fixture.polis["consensus"][name]);
            assert_eq!(ours.len(), theirs.len(), "{}", fixture.name);
            for (ours, theirs) in ours.iter().zip(theirs) {
                assert_eq!(fixture.statements[ours.statement], id(&theirs["tid"]), "{}", fixture.name);
                assert_near(ours.share, number(&theirs["p-success"]), NEAR, &fixture.name);
                assert_near(ours.share_test, number(&theirs["p-test"]), NEAR, &fixture.name);
            }
        }
        let meta: Vec<u64> = list(&fixture.polis["meta-tids"]).iter().map(id).collect();
        for (place, statement) in fixture.statements.iter().enumerate() {
            let what = format!("{}: statement {statement}", fixture.name);
            let shared = &fixture.polis["group-aware-consensus"][statement.to_string()];
            assert_near(across(&tallies, place, Side::Agree).product, number(shared), NEAR, &what);
            let [x, y] = map.statements[place];
            let ours = priority(&tallies.grouped(place), x.hypot(y), meta.contains(statement));
            assert_near(ours, number(&fixture.polis["comment-priorities"][statement.to_string()]), NEAR, &what);
        }
    });
}
