//! Exports: what their descriptor says, and what the register says of them.

use std::fs;

use folkmoot_register_files::{Folder, VerifyExport};
use register::{Event, Leaf, Stated, Statement};
use sha2::{Digest, Sha256};

use crate::made::Files;

/// An export of contributions.
fn export(files: &Files, contributions: &[&str]) -> VerifyExport {
    files.write("export/contributions.csv", format!("contribution,call\n{}\n", contributions.join(",x\n")));
    files.write("export/files.csv", format!("path,sha256\nfiles/a.txt,{}\n,\n", sha256(b"given")));
    files.write("export/files/a.txt", "given");
    let resource = |name: &str| {
        let bytes = fs::read(files.path(&format!("export/{name}"))).expect("a table");
        serde_json::json!({ "path": name, "bytes": bytes.len(), "hash": format!("sha256:{}", sha256(&bytes)) })
    };
    let resources = [resource("contributions.csv"), resource("files.csv")];
    let descriptor = serde_json::json!({ "folkmoot:review": "trial", "resources": resources });
    files.write("export/datapackage.json", descriptor.to_string());
    VerifyExport { folder: files.path("export") }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn an_export_is_what_its_descriptor_says() {
    let files = Files::new();
    let verify = export(&files, &["A-1", "A-2,x"]);
    let report = verify.run(None).expect("a report");
    assert!(report.sound, "{report}");
    assert_eq!((report.files, report.contributions), (3, 2));
    let wrong = |path: &str, content: &str, says: &str| {
        let before = fs::read(files.path(path)).ok();
        files.write(path, content);
        let report = verify.run(None).expect("a report");
        assert!(!report.sound && report.to_string().contains(says), "{path}: {report}");
        match before {
            Some(before) => files.write(path, before),
            None => fs::remove_file(files.path(path)).expect("a file to remove"),
        }
    };
    wrong("export/contributions.csv", "contribution,call\nA-1,x\n", "contributions.csv: it has 24 bytes");
    wrong("export/contributions.csv", "contribution,call\nA-1,x\nA-3,x\n", "contributions.csv: it has another hash");
    wrong("export/files/a.txt", "forged", "files/a.txt: it has another hash");
    wrong("export/files/b.txt", "new", "files/b.txt: neither datapackage.json nor files.csv names it");
    let outside = r#"{"folkmoot:review":"trial","resources":[{"path":"../policy","bytes":1,"hash":"sha256:00"}]}"#;
    wrong("export/datapackage.json", outside, "`../policy` is no path within the folder");
    let silent = r#"{"folkmoot:review":"trial","resources":[{"path":"contributions.csv"}]}"#;
    wrong("export/datapackage.json", silent, "does not state its size");
    files.write("export/datapackage.json", "{}");
    assert!(!verify.run(None).expect_err("an error").is_unsound());
}

#[test]
fn what_an_export_shows_stands_in_the_register() {
    let mut files = Files::new();
    let leaf = |event| Leaf { review: [1; 16], day: 20_000, event };
    let state = |files: &mut Files, contributions| {
        let descriptor = fs::read(files.path("export/datapackage.json")).expect("a descriptor");
        let stated = Stated::Exported { digest: Sha256::digest(descriptor).into(), contributions };
        let statement = Statement { review: [1; 16], stated };
        files.append(&[leaf(statement.event())]);
        let Event::Policy { digest } = statement.event() else { panic!("a statement") };
        Folder::new(&files.path("register")).put_statement(&digest, &statement.to_string()).expect("written");
    };
    let verify = export(&files, &["A-1", "A-2,x"]);
    let against = |files: &Files| {
        let log = files.run(&files.careful()).expect("a report");
        verify.run(Some(&log)).expect("a report")
    };
    let report = against(&files);
    assert!(!report.sound && report.to_string().contains("no leaf of the register states"), "{report}");
    state(&mut files, 1);
    assert!(!against(&files).sound, "that was said of another number");
    state(&mut files, 2);
    let report = against(&files);
    assert!(report.sound, "{report}");
    assert_eq!(report.register.map(|register| register.published), Some(1));
    export(&files, &["A-1", "A-2", "A-3,x"]);
    state(&mut files, 3);
    let report = against(&files);
    assert!(
        !report.sound && report.to_string().contains("it has 3 contributions, and the register only 2"),
        "{report}"
    );
}
