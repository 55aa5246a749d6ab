//! Pages opened in headless Chromium, where it is installed.

use std::{fs, process::Command};

use serde_json::Value;
use tempfile::TempDir;

/// Opens a page in Chromium, and gives back what `browser/measure.js` measured in it;
/// `None` where there is no Chromium.
pub(crate) fn measured(page: &str) -> Option<Value> {
    run_in(page, include_str!("browser/measure.js"))
}

/// Opens a page in Chromium, runs a script in it, and gives back what that leaves there;
/// `None` where there is no Chromium.
pub(crate) fn run_in(page: &str, script: &str) -> Option<Value> {
    run_with(&[], page, script)
}

pub(crate) fn run_with(flags: &[&str], page: &str, script: &str) -> Option<Value> {
    if !fixture::has("chromium") {
        return None;
    }
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("page.html");
    fs::write(&file, format!("{page}<script>\n{script}</script>\n")).unwrap();
    let output = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args([
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1100,900",
        ])
        .arg(format!("--user-data-dir={}", folder.path().display()))
        .args(flags)
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let dom = String::from_utf8_lossy(&output.stdout);
    let json = dom
        .split("measured\">measured")
        .nth(1)
        .and_then(|rest| rest.split("measured<").next());
    let json = json
        .unwrap_or_else(|| panic!("{dom}\n{}", String::from_utf8_lossy(&output.stderr)));
    Some(serde_json::from_str(json).unwrap())
}

pub(crate) fn page_of(svg: &str) -> String {
    format!("<!doctype html><meta charset=\"utf-8\"><body>{svg}")
}
