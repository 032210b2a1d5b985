//! What an analyst does with `sense agreement`, and what happens with files that are wrong.

mod common;

use common::{Done, Files};
use serde_json::Value;

/// Krippendorff 2011 (Computing Krippendorff's Alpha-Reliability, section C): four observers, twelve units, values missing.
const WIDE: &str = "unit,A,B,C,D\n01,1,1,,1\n02,2,2,3,2\n03,3,3,3,3\n04,3,3,3,3\n05,2,2,2,2\n06,1,2,3,4\n07,4,4,4,4\n08,1,1,2,1\n\
                    09,2,2,2,2\n10,,5,5,5\n11,,,1,1\n12,,3,,\n";

#[test]
fn one_row_for_each_unit_or_one_for_each_coding() -> Done {
    let files = Files::new()?;
    let mut rows = "code;coder;id\n".to_owned();
    let (header, units) = WIDE.split_once('\n').unwrap_or_default();
    for line in units.lines().rev() {
        let cells: Vec<&str> = line.split(',').collect();
        let coded = header.split(',').zip(&cells).skip(1).filter(|(_, code)| !code.is_empty());
        rows.extend(coded.map(|(coder, code)| format!("{code};{coder};{}\n", cells[0])));
    }
    let wide = files.with("wide.csv", WIDE)?.json(&["agreement", "wide.csv"])?;
    let long = files.with("long.csv", &rows)?.json(&["agreement", "long.csv"])?;
    let alpha = wide["agreement"]["alpha"]["value"].as_f64().unwrap_or_default();
    assert!((alpha - 0.743_421_052_631_579).abs() < 1e-12, "{alpha}");
    assert_eq!(wide["agreement"], long["agreement"], "the form and the order of the rows change nothing");
    assert_eq!(wide["about"]["parameters"]["seed"], 1);
    assert_eq!(wide["about"]["inputs"][0]["name"], "wide.csv");
    let words = files.run(&["agreement", "wide.csv"])?;
    assert!(words.contains("12 units coded by 4 people: A, B, C, D, with 5 codes."), "{words}");
    assert!(words.contains("11 units of them by two people or more"), "{words}");
    assert!(words.contains("Krippendorff's alpha          0.74 ("), "{words}");
    assert!(words.contains("enough for tentative conclusions only"), "{words}");
    Ok(())
}

#[test]
fn several_codes_to_a_unit() -> Done {
    let files = Files::new()?;
    files.with("t.csv", "unit,A,B\n1,cost; access,access\n2,cost|time,time;cost\n3,time,cost\n")?;
    let found = files.json(&["agreement", "t.csv"])?;
    assert_eq!(found["codes"], serde_json::json!(["access", "cost", "time"]));
    assert!(found["agreement"]["alpha_masi"]["value"].as_f64() > found["agreement"]["alpha"]["value"].as_f64());
    let whole = files.json(&["agreement", "t.csv", "--separator", ""])?;
    assert_eq!(whole["agreement"]["alpha_masi"], Value::Null);
    assert_eq!(whole["agreement"]["agreement"]["value"], 0.0, "without a separator, every cell is one code");
    Ok(())
}

#[test]
fn an_audit_of_what_one_person_coded() -> Done {
    let rows: String =
        (0..400).map(|unit| format!("u{unit:03},{},{}\n", unit % 7, if unit < 20 { "1" } else { "" })).collect();
    let files = Files::new()?;
    files.with("t.csv", &format!("id,first,second\n{rows}"))?;
    let arguments = ["agreement", "t.csv", "--audit-error", "0.05", "--audit-margin", "0.1", "--out", "out"];
    let words = files.run(&arguments)?;
    let audit = files.read("out/audit.csv")?;
    assert!(audit.starts_with("order,unit\n1,u"), "{audit}");
    let drawn = audit.lines().count() - 1;
    assert!(
        (50..80).contains(&drawn)
            && words.contains(&format!("Audit: {drawn} units drawn at random from the 380 units")),
        "{words}"
    );
    assert!(audit.lines().skip(1).all(|line| !line.ends_with("u019")), "u019 was coded twice already");
    let names = files.names("out")?;
    assert_eq!(names, ["agreement.json", "audit.csv", "codes.csv", "pairs.csv"]);
    files.run(&arguments)?;
    assert_eq!(files.read("out/audit.csv")?, audit, "the same seed draws the same units");
    let smaller = files.json(&["agreement", "t.csv", "--audit-size", "5"])?;
    let begins: Vec<&str> = audit.lines().skip(1).take(5).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(smaller["audit"]["units"], serde_json::json!(begins));
    Ok(())
}

#[test]
fn what_cannot_be_measured_is_said() -> Done {
    let files = Files::new()?;
    let cases: [(&str, &[&str], &str); 11] = [
        ("", &[], "t.csv is empty"),
        ("unit,A,B\n", &[], "nothing in it was coded"),
        ("unit,A,B\n1,x,\n2,,y\n", &[], "no unit was coded by two people"),
        ("unit,A\n1,x\n", &[], "a column for each of two coders or more"),
        ("unit,A,B\n1,x,x\n1,y,y\n", &[], "line 3, column 1: “1” has a row already"),
        ("unit,A,B\n,x,x\n", &[], "line 2, column 1: there is no unit"),
        ("unit,coder,code\n1,,x\n", &[], "line 2, column 2: there is no coder"),
        ("unit,A,B\n1,x\n", &[], "line 2: 2 cells, where the first line has 3"),
        ("unit,A,B\n1,x,x\n", &["--coders", "A,C"], "there is no column “C”; the columns are unit, A, B"),
        ("unit,A,B\n1,x,x\n", &["--audit-size", "2"], "--audit-size 2: 1 unit can be drawn"),
        ("unit,A,B\n1,x,x\n", &["--audit-error", "5", "--audit-margin", "1"], "5 % is 0.05"),
    ];
    for (text, arguments, message) in cases {
        files.with("t.csv", text)?;
        let error = files.fails(&[&["agreement", "t.csv"], arguments].concat())?;
        assert!(error.contains(message), "“{error}” should say “{message}”");
    }
    files.with("t.csv", "unit,A,B\n1,x,x\n2,x,x\n")?;
    let words = files.run(&["agreement", "t.csv"])?;
    assert!(words.contains("Only one code was ever given") && words.contains("alpha          not defined"), "{words}");
    assert!(!words.contains("NaN") && !words.contains("inf"), "{words}");
    Ok(())
}

#[test]
fn codes_in_any_script_and_of_any_length() -> Done {
    let long = "長い".repeat(1 << 20);
    let files = Files::new()?;
    files.with("t.csv", &format!("unit,A,B\n1,علم,علم\n2,{long},Ж\n3,🙂,🙂\n"))?;
    let words = files.run(&["agreement", "t.csv"])?;
    assert!(words.contains("علم") && words.contains("🙂") && words.len() < 5000, "{}", words.len());
    Ok(())
}
