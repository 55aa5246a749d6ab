//! The programs and files that the demo needs.

use std::{env, ffi::OsStr, path::Path, process::Command};

use super::Finding;
use crate::scenario::Folder;
use launch::{find_in_path, find_program};

pub(super) fn toolchain() -> Finding {
    let version = Command::new("cargo").arg("--version").output();
    match version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    {
        Ok(version) if !version.is_empty() => Finding::well("toolchain", version),
        _ => Finding::poor(
            "toolchain",
            "no cargo in PATH",
            "to build the servers anew, install Rust: https://rustup.rs",
        ),
    }
}

pub(super) fn server(name: &'static str) -> Finding {
    match find_program(name) {
        Some(path) => Finding::well(name, path.display().to_string()),
        None => Finding::needed(
            name,
            "not built",
            format!("cargo build{} -p {name}", profile_option()),
        ),
    }
}

pub(super) fn faulty_servers() -> Finding {
    match find_program("lock-too-long") {
        Some(path) => Finding::well("faulty servers", path.display().to_string()),
        None => Finding::poor(
            "faulty servers",
            "not built; lock-too-long needs one",
            format!("cargo build{} -p faulty-servers", profile_option()),
        ),
    }
}

pub(super) fn python() -> Finding {
    if find_in_path("python3").is_some() {
        Finding::well("python3", "in PATH")
    } else {
        Finding::poor(
            "python3",
            "not in PATH; python-gil plays without its Python servers",
            "install python3 with the system's packages",
        )
    }
}

/// What makes cargo build into the folder that this program is in.
fn profile_option() -> String {
    let program = env::current_exe().ok();
    let folder = program.as_deref().and_then(Path::parent);
    match folder.and_then(Path::file_name).and_then(OsStr::to_str) {
        Some("debug") => String::new(),
        Some("release") => " --release".to_owned(),
        _ => " --profile demo".to_owned(),
    }
}

pub(super) fn scenarios(folder: &Folder) -> Finding {
    let read: Result<Vec<String>, _> = folder.names();
    let fix = "set SLEEP_DEMO_SCENARIOS to the folder demos of the repository";
    match read {
        Err(error) => Finding::needed("scenarios", error.to_string(), fix),
        Ok(names) if names.is_empty() => Finding::needed("scenarios", "none", fix),
        Ok(names) => {
            let errors = names.iter().filter_map(|name| folder.scenario(name).err());
            match errors.map(|error| error.to_string()).next() {
                Some(error) => Finding::poor("scenarios", error, "correct the file"),
                None => {
                    Finding::well("scenarios", format!("{}, all readable", names.len()))
                }
            }
        }
    }
}
