//! What an analyst does with `sense representation`, and what happens with files that are wrong.

mod common;

use std::process::{Command, Stdio};
use std::time::Duration;

use common::{Done, Files, program};
use serde_json::Value;

const POPULATION: &str = "dimension,category,people,also\nsex,women,\"5,100\",F;female\nsex,men,4900,M;male\n\
                          age,16-34,3000,\nage,35-64,5000,\nage,65+,2000,\n";

/// So many respondents of each kind: sex, age, how many.
fn respondents(kinds: &[(&str, &str, usize)]) -> String {
    let all = kinds.iter().flat_map(|(sex, age, people)| std::iter::repeat_n(format!("{sex},{age}"), *people));
    let rows = all.enumerate().map(|(place, kind)| format!("p{place},{kind}\n"));
    format!("id,Sex,age\n{}", rows.collect::<String>())
}

#[test]
fn who_took_part_and_who_is_missing() -> Done {
    let files = Files::new()?;
    let kinds = [
        ("F", "20", 80),
        ("female", "40", 200),
        ("Women", "70", 100),
        ("men", "16-34", 120),
        ("M", "50", 300),
        ("male", "99", 200),
    ];
    files.with("r.csv", &respondents(&kinds))?.with("p.csv", POPULATION)?;
    let words = files.run(&["representation", "r.csv", "--reference", "p.csv", "--out", "out"])?;
    assert!(words.contains("1,000 people took part."), "{words}");
    let women = "women: 38 % of those who took part, 51 % of the population: fewer than their share, 0.75 times (0.69 to 0.80). 266 more";
    assert!(words.contains(women), "{words}");
    assert_eq!(
        files.names("out")?,
        ["representation.csv", "representation.html", "representation.json", "weights.csv"]
    );
    let table = files.read("out/representation.csv")?;
    assert!(table.contains("\nsex,women,380,0.3800,0.5100,0.7451,") && table.contains(",266,0.5100\n"), "{table}");
    let weights = files.read("out/weights.csv")?;
    assert!(weights.starts_with("id,unweighted,weighted\np0,1,"), "{weights}");
    let weight = |line: &str| line.rsplit(',').next().and_then(|weight| weight.parse::<f64>().ok()).unwrap_or_default();
    let women: f64 = weights.lines().skip(1).take(380).map(weight).sum();
    assert!((women - 510.0).abs() < 0.01, "{women}");
    let page = files.read("out/representation.html")?;
    assert!(
        page.contains("aria-hidden=\"true\"") && page.contains("<th scope=\"row\">women<td>380<td>38.0 %"),
        "{page}"
    );
    let json: Value = serde_json::from_str(&files.read("out/representation.json")?)?;
    assert_eq!(json["weighting"]["weights"]["converged"], true);
    assert_eq!(json["about"]["parameters"]["small_numbers"]["threshold"], 10);
    Ok(())
}

#[test]
fn small_numbers_are_nowhere() -> Done {
    let files = Files::new()?;
    // 7 women of 65 and over; 3 did not give their sex.
    let kinds = [("F", "20", 55), ("F", "40", 111), ("F", "70", 7), ("M", "20", 77), ("M", "40", 123), ("", "40", 3)];
    files.with("r.csv", &respondents(&kinds))?.with("p.csv", POPULATION)?;
    let words = files.run(&["representation", "r.csv", "--reference", "p.csv", "--out", "out"])?;
    assert!(words.contains("65+: how many is hidden; 20 % of the population."), "{words}");
    assert!(words.contains("Some people (how many is hidden) did not say."), "{words}");
    let table = files.read("out/representation.csv")?;
    assert!(table.contains("\nage,65+,[c],[c],0.2000,[c],[c],[c],[c],[c]\n"), "{table}");
    let hidden = table.lines().filter(|line| line.starts_with("age,") && line.split(',').nth(2) == Some("[c]")).count();
    assert_eq!(hidden, 2, "a second one hides the first: {table}");
    assert_eq!(
        table.lines().filter(|line| line.starts_with("sex,") && line.split(',').nth(2) == Some("[c]")).count(),
        2,
        "{table}"
    );
    let all = [files.read("out/representation.json")?, files.read("out/representation.html")?, table, words].concat();
    for exact in ["376", "373", "173", "203", "0.46", "1.04"] {
        assert!(
            !all.contains(&format!(": {exact},")) && !all.contains(&format!(",{exact},")),
            "{exact} is an exact number"
        );
    }
    Ok(())
}

/// Trimmed weights are as many as there are people in the small group, and whatever is worked out from them tells their number.
#[test]
fn figures_of_weights_betray_no_small_number() -> Done {
    let published = |women: usize| -> Result<String, Box<dyn std::error::Error>> {
        let files = Files::new()?;
        let kinds = [("F", "40", women), ("M", "40", 500 - women), ("M", "20", 300), ("M", "70", 200)];
        files.with("r.csv", &respondents(&kinds))?.with("p.csv", POPULATION)?;
        let words = files.run(&["representation", "r.csv", "--reference", "p.csv", "--out", "out"])?;
        assert!(words.contains("is hidden, as it would betray small numbers"), "{words}");
        let json: Value = serde_json::from_str(&files.read("out/representation.json")?)?;
        let shown = [&json["weighting"]["weights"]["trimmed"], &json["weighted_shares"], &json["dimensions"]];
        let shown = format!("{shown:?} {}", json["weighting"]["weights"]["design_effect"]);
        Ok([words, files.read("out/representation.csv")?, files.read("out/representation.html")?, shown].concat())
    };
    assert_eq!(published(2)?, published(9)?);
    Ok(())
}

#[test]
fn the_people_of_the_united_kingdom() -> Done {
    let files = Files::new()?;
    let regions = [
        "London",
        "E12000007",
        "Wales",
        "Scotland",
        "Northern Ireland",
        "North East",
        "North West",
        "East",
        "South East",
        "South West",
        "yorkshire AND the humber",
        "East Midlands",
        "West Midlands",
    ];
    let person = |place: usize| format!("{},{},{}\n", ["F", "m"][place % 2], 16 + place % 80, regions[place % 13]);
    files.with("r.csv", &format!("sex,age,region\n{}", (0..2600).map(person).collect::<String>()))?;
    let refused = files.json(&["representation", "r.csv", "--reference", "uk"])?;
    assert!(
        refused["weighting"]["refused"]
            .as_str()
            .is_some_and(|why| why.contains("“0-15” of age") && why.contains("--not-asked"))
    );
    let found = files.json(&["representation", "r.csv", "--reference", "uk", "--not-asked", "age=0-15"])?;
    assert_eq!(found["weighting"]["weights"]["converged"], true, "{}", found["weighting"]);
    assert_eq!(found["took_part"], 2600);
    let shares = |dimension: usize| -> f64 {
        let groups = found["dimensions"][dimension]["groups"].as_array().cloned().unwrap_or_default();
        groups.iter().filter_map(|group| group["population_share"].as_f64()).sum()
    };
    assert!((0..3).all(|dimension| (shares(dimension) - 1.0).abs() < 1e-9));
    assert_eq!(found["dimensions"][2]["groups"][6]["took_part"], 400, "London by name and by code");
    Ok(())
}

/// The sums that the Office for National Statistics published beside the figures.
#[test]
fn the_built_in_figures_add_up() -> Done {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/uk.csv"))?;
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
    let mut sums = std::collections::BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        *sums.entry(record[0].to_owned()).or_insert(0) += record[2].parse::<u64>()?;
    }
    let sum = |dimension: &str| sums.get(dimension).copied();
    assert_eq!([sum("sex"), sum("age"), sum("region")], [Some(67_081_234), Some(67_081_234), Some(67_026_292)]);
    Ok(())
}

#[test]
fn what_cannot_be_compared_is_said() -> Done {
    let files = Files::new()?;
    let plain = "dimension,category,people\nsex,women,51\nsex,men,49\n";
    let cases: [(&str, &str, &[&str], &str); 14] = [
        ("", plain, &[], "r.csv is empty"),
        ("sex\n", plain, &[], "nobody took part: there are no rows"),
        ("gender\nwomen\n", plain, &[], "there is no column for sex; the columns are gender"),
        ("gender\nwomen\n", plain, &["--column", "gender=sex"], "the reference has no such dimension; it has sex"),
        ("gender\nwomen\n", plain, &["--column", "gender"], "DIMENSION=COLUMN is needed"),
        ("sex\nwomen\n", plain, &["--column", "sex=gender"], "there is no column “gender”; the columns are sex"),
        ("id,sex\n1,women\n1,men\n", plain, &[], "line 3, column 1: “1” has taken part already"),
        (
            "sex\n\nwomyn\n",
            plain,
            &[],
            "line 3, column 1: “womyn” and all that follow are not in the reference: it has women, men",
        ),
        ("sex\nwomen\n", "dimension,category,people\n", &[], "p.csv has no rows"),
        (
            "sex\nwomen\n",
            "dimension,category,people\nsex,women,many\n",
            &[],
            "line 2, column 3: “many” is not a number of people",
        ),
        ("sex\nwomen\n", "dimension,category,people\nsex,women,-1\n", &[], "“-1” is not a number of people"),
        (
            "sex\nwomen\n",
            "dimension,category,people\nsex,women,1\nsex,Women,1\n",
            &[],
            "line 3, column 2: “Women” of sex is there twice",
        ),
        ("sex\nwomen\n", "dimension,category,people\nsex,women,0\n", &[], "nobody is in sex"),
        ("sex\nwomen\n", plain, &["--trim", "1"], "--trim 1 must be more than 1"),
    ];
    for (respondents, population, arguments, message) in cases {
        files.with("r.csv", respondents)?.with("p.csv", population)?;
        let error = files.fails(&[&["representation", "r.csv", "--reference", "p.csv"], arguments].concat())?;
        assert!(error.contains(message), "“{error}” should say “{message}”");
    }
    files.with("r.csv", "sex\nwomen\n")?.with("p.csv", plain)?;
    let words = files.run(&["representation", "r.csv", "--reference", "p.csv"])?;
    assert!(words.starts_with("Some people (how many is hidden) took part."), "{words}");
    assert!(
        words.contains("No weights: nobody in one of the categories of sex took part"),
        "a hidden nought is not told: {words}"
    );
    assert!(!words.contains("NaN") && !words.contains("inf"), "{words}");
    Ok(())
}

/// Wherever a run is killed, its folder has no results, or all.
#[test]
fn a_killed_run_leaves_nothing_that_looks_whole() -> Done {
    let files = Files::new()?;
    let kinds = [("F", "20", 6_000), ("F", "40", 6_000), ("M", "70", 6_000), ("M", "40", 6_000)];
    files.with("r.csv", &respondents(&kinds))?.with("p.csv", POPULATION)?;
    let mut killed = 0;
    for round in 0..8 {
        let out = format!("out{round}");
        let mut run = Command::new(program()?)
            .args(["representation", "r.csv", "--reference", "p.csv", "--out", &out])
            .current_dir(files.folder())
            .stdout(Stdio::null())
            .spawn()?;
        // As soon as something is there, and then a little later each time.
        while run.try_wait()?.is_none()
            && files.names(&out).is_ok_and(|names| names.is_empty()) | files.names(&out).is_err()
        {
            std::thread::sleep(Duration::from_micros(200));
        }
        std::thread::sleep(Duration::from_millis(round * 3));
        run.kill()?;
        killed += u32::from(!run.wait()?.success());
        let names: Vec<String> =
            files.names(&out)?.into_iter().filter(|name| !name.starts_with(".unfinished-")).collect();
        // What says how the results came about is the last to get its name.
        assert!(names.len() == 4 || !names.contains(&"representation.json".to_owned()), "{names:?}");
    }
    println!("{killed} of 8 were killed in the middle");
    Ok(())
}

/// As `| head` does.
#[test]
fn whoever_closes_the_output_has_read_enough() -> Done {
    let files = Files::new()?;
    files.with("r.csv", &respondents(&[("F", "20", 100), ("M", "50", 100)]))?.with("p.csv", POPULATION)?;
    files.with("c.csv", "unit,a,b\n1,x,x\n2,x,y\n")?.with("t.csv", "text\nthe night bus\nthe library\n")?;
    for arguments in [
        &["representation", "r.csv", "--reference", "p.csv"][..],
        &["agreement", "c.csv"],
        &["themes", "t.csv", "--text", "text"],
    ] {
        let (reader, writer) = std::io::pipe()?;
        drop(reader);
        let program = Command::new(program()?).args(arguments).current_dir(files.folder()).stdout(writer).status()?;
        assert!(program.success(), "{arguments:?}: {program}");
    }
    Ok(())
}
