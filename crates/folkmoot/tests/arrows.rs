//! The rooms of the house are crates, and depend on one another in one direction only (`docs/ARCHITECTURE.md`). The
//! compiler would not mind an arrow back; these tests do.

use std::process::Command;

use serde_json::Value;

/// A room, and what it never depends on: rooms of ours, or libraries.
const NEVER: [(&str, &[&str]); 10] = [
    ("folkmoot-register", &["folkmoot-store", "folkmoot-service", "folkmoot-web", "sqlx", "axum"]),
    (
        "folkmoot-register-files",
        &["folkmoot-register-net", "folkmoot-store", "folkmoot-service", "folkmoot-web", "sqlx", "axum"],
    ),
    ("folkmoot-register-net", &["folkmoot-store", "folkmoot-service", "folkmoot-web", "sqlx", "axum"]),
    ("folkmoot-seal", &["folkmoot-store", "folkmoot-service", "folkmoot-web", "sqlx", "axum"]),
    ("folkmoot-sense", &["folkmoot-store", "folkmoot-service", "folkmoot-web", "sqlx", "axum"]),
    ("folkmoot-publish", &["folkmoot-store", "folkmoot-service", "folkmoot-web", "sqlx", "axum"]),
    ("folkmoot-store", &["folkmoot-service", "folkmoot-web", "axum"]),
    ("folkmoot-service", &["folkmoot-web", "sqlx", "axum"]),
    ("folkmoot-web", &["folkmoot-store", "sqlx"]),
    ("folkmoot-domain", &["tokio", "sqlx", "axum"]),
];
/// Rooms that exist for tests and measurements.
const TOOLS: [&str; 2] = ["folkmoot-trial", "folkmoot-bench"];

/// A crate of this workspace.
struct Room {
    name: String,
    description: String,
    /// What it depends on, and whether that is for its tests only.
    arrows: Vec<(String, bool)>,
}

fn rooms() -> Vec<Room> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--manifest-path"]);
    let output = cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let arrow = |dependency: &Value| (text(&dependency["name"]), text(&dependency["kind"]) == "dev");
    let room = |package: &Value| Room {
        name: text(&package["name"]),
        description: text(&package["description"]),
        arrows: list(&package["dependencies"]).iter().map(arrow).collect(),
    };
    let rooms: Vec<Room> = list(&metadata["packages"]).iter().map(room).collect();
    assert!(rooms.iter().any(|room| room.name == "folkmoot"), "{metadata}");
    rooms
}

#[test]
fn arrows_between_rooms_point_one_way() {
    let rooms = rooms();
    for room in &rooms {
        let never = NEVER.iter().find(|(name, _)| *name == room.name).map_or(&[][..], |(_, never)| never);
        let is_tool = TOOLS.contains(&room.name.as_str());
        for (to, for_tests) in &room.arrows {
            let arrow = format!("{} -> {to}", room.name);
            assert_ne!(to, "folkmoot", "{arrow}: nothing depends on the program");
            assert!(*for_tests || is_tool || !TOOLS.contains(&to.as_str()), "{arrow}: a tool, for tests only");
            assert!(*for_tests || !never.contains(&to.as_str()), "{arrow}: never");
        }
    }
}

#[test]
fn the_domain_depends_on_no_other_room() {
    let rooms = rooms();
    let domain = rooms.iter().find(|room| room.name == "folkmoot-domain").expect("there is a domain");
    for (to, _) in &domain.arrows {
        assert!(rooms.iter().all(|room| room.name != *to), "domain -> {to}");
    }
}

#[test]
fn every_room_says_in_one_line_what_it_is_for() {
    for Room { name, description, .. } in rooms() {
        let one_sentence = description.ends_with('.') && !description.contains('\n') && description.len() <= 140;
        assert!(one_sentence, "{name}: {description:?}");
    }
}
