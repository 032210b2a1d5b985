//! Stops the build with one clear sentence when the style sheet and script have not been built yet.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=assets/dist/manifest.json");
    println!("cargo::rerun-if-changed=locales");
    if !Path::new("assets/dist/manifest.json").exists() {
        println!("cargo::error=The style sheet and script of the site are not built: run `make assets` first.");
    }
}
