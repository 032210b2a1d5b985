//! A large review: brought over from a CSV file, published, and written out again.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use trial::Usage;

use crate::Settings;
use crate::site::{CALL, Install, REVIEW};
use crate::table::{Table, at_most, whole};

pub const MAP: &str = r#"
source = "Number"
received = "Date"
release = "public"
respondent = { kind = "individual", name = "Name" }

[[answer]]
question = "barriers"
column = "What stopped you"

[[answer]]
question = "device"
column = "Device"

[[answer]]
question = "confidence"
column = "Confidence"

[[answer]]
question = "miles"
column = "Miles"

[[answer]]
question = "offline"
column = "Offline"

[[answer]]
question = "story"
fields = { service = "Service", place = "Place", verdict = "Verdict", happened = "What happened" }
"#;

/// Measures each step.
pub fn measure(settings: &Settings) -> anyhow::Result<()> {
    for engine in settings.engines() {
        println!("\n== {engine}: {} contributions ==", whole(settings.rows.into()));
        let install = Install::new(engine, &settings.folkmoot()?)?;
        install.define_review()?;
        let folder = tempfile::tempdir()?;
        let file = |name: &str| folder.path().join(name).display().to_string();
        let (rows, map, exported) = (file("rows.csv"), file("map.toml"), file("exported"));
        std::fs::write(&map, MAP)?;
        write_rows(Path::new(&rows), settings.rows)?;

        let mut table = Table::new(&["", "rows per second", "seconds", "CPU seconds", "most memory, MB", "target"]);
        let mut row = |name: &str, usage: Usage, target: String| {
            let seconds = usage.wall.as_secs_f64();
            table.row([
                name.to_owned(),
                whole(f64::from(settings.rows) / seconds),
                format!("{seconds:.1}"),
                format!("{:.1}", usage.cpu_seconds),
                format!("{:.1}", usage.peak_memory_mb),
                target,
            ]);
        };
        let import = ["import", "csv", &rows, "--review", REVIEW, "--call", CALL, "--map", &map];
        row("import", install.run_measured(&import)?, String::new());
        row("publish", install.run_measured(&["publish", "--review", REVIEW, "--all"])?, String::new());
        let usage = install.run_measured(&["export", &exported, "--review", REVIEW])?;
        row("export", usage, at_most(150.0, " MB", usage.peak_memory_mb));
        table.print("A large review (CPU with the database's, memory without)");
        println!("\n  written: {} MB", whole(size(Path::new(&exported))? / 1e6));
    }
    Ok(())
}

/// Bytes in a folder.
fn size(folder: &Path) -> anyhow::Result<f64> {
    let mut bytes = 0.0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let more = if entry.file_type()?.is_dir() {
            size(&entry.path())?
        } else {
            f64::from(u32::try_from(entry.metadata()?.len())?)
        };
        bytes += more;
    }
    Ok(bytes)
}

const SENTENCES: [&str; 12] = [
    "The form asked for a photograph and would not say which ones it takes.",
    "I telephoned four times, and each time somebody else told me to try again tomorrow.",
    "At the library somebody sat down with me, and it was done in ten minutes.",
    "My mother has no telephone that can show the code, so I did it for her, as if I were she.",
    "“Log in to continue”, it said, and then: “your session has ended”.",
    "What would have helped is a number to ring, with a person, and a letter that says what to bring.",
    "The page was plain, it worked on my old telephone, and it told me what would happen next.",
    "We moved house in March, and in November three offices still wrote to the old address.",
    "The nearest desk is 24 miles away; there are two buses, and the second does not wait.",
    "Nobody could say who looks after the form; everybody agreed that it is wrong.",
    "The council's own staff print it, fill it in by hand and type it in again.",
    "I would ask that every letter says in one sentence, at the top, what I must do and by when.",
];
const DEVICES: [&str; 5] = ["phone", "computer", "tablet", "borrowed", "none"];
const PLACES: [&str; 6] = ["Barry", "Leeds", "Wick", "Penzance", "Newry", "Great Yarmouth"];
const SERVICES: [&str; 5] = ["Blue badge", "Bus pass", "Council tax", "School place", "Tax return"];

/// The same rows every time, no two of them alike.
pub fn write_rows(file: &Path, rows: u32) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    writeln!(
        out,
        "Number,Date,Name,What stopped you,Device,Confidence,Miles,Offline,Service,Place,Verdict,What happened"
    )?;
    let mut dice = Dice(1);
    for number in 1..=rows {
        let date = format!("2026-{:02}-{:02}", 1 + dice.below(12), 1 + dice.below(28));
        let (first, second) = (dice.text(3, 7), dice.text(2, 5));
        writeln!(
            out,
            "R{number},{date},Ada Tully {number},\"{first}\",{},{},{},{},{},{},{},\"{second} ({number})\"",
            dice.one_of(&DEVICES),
            1 + dice.below(5),
            dice.below(200),
            dice.one_of(&["yes", "no", "unsure"]),
            dice.one_of(&SERVICES),
            dice.one_of(&PLACES),
            dice.one_of(&["works", "failed", "mixed"]),
        )?;
    }
    Ok(out.flush()?)
}

/// A linear congruential generator (Knuth's MMIX): repeatable, and good enough for prose.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn text(&mut self, least: usize, most: usize) -> String {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| self.one_of(&SENTENCES)).collect::<Vec<_>>().join(" ")
    }
}
