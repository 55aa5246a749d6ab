//! Which file of a submission is its server; where there is none, what was found instead.

use std::{
    ffi::{OsStr, OsString},
    fs::{self, File},
    io::{self, Read},
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::Path,
};

use proto::printable;

use crate::submission::Content;

/// Files that the kit puts into the folder of a lab, and that are no server.
const OURS: [&str; 2] = ["chart.sh", "resp.py"];
/// How many names a message gives.
const NAMED: usize = 6;

/// Looks at the top of a submission: for a Cargo package, then for a script or an
/// executable called server; then for the only executable, and the only script of Python.
pub(crate) fn server(folder: &Path) -> io::Result<Content> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if !name.as_bytes().starts_with(b".") && name != "__pycache__" {
            names.push(name);
        }
    }
    names.sort();
    let is_file = |name: &str| folder.join(name).is_file();
    // A lab in Python has a manifest for its tests alone.
    if is_file("server.py") && !folder.join("src").is_dir() {
        return Ok(Content::Script("server.py".into()));
    }
    if is_file("Cargo.toml") {
        return Ok(Content::Package);
    }
    // An archive may have lost the right to run it.
    if is_file("server") && begins_as_a_program(&folder.join("server"))? {
        return Ok(Content::Program("server".into()));
    }
    let others = names
        .iter()
        .filter(|name| !OURS.iter().any(|ours| name == ours));
    let mut programs = Vec::new();
    let mut scripts = Vec::new();
    for name in others {
        let path = folder.join(name);
        if Path::new(name).extension() == Some(OsStr::new("py")) {
            scripts.push(name.clone());
        } else if is_executable(&path) && begins_as_a_program(&path)? {
            programs.push(name.clone());
        }
    }
    Ok(match (programs.as_slice(), scripts.as_slice()) {
        ([only], _) => Content::Program(only.clone()),
        ([], [only]) => Content::Script(only.clone()),
        ([], []) => Content::Nothing(nothing(&names, folder)),
        ([], several) => Content::Nothing(which_of(several, "server.py")),
        (several, _) => Content::Nothing(which_of(several, "server")),
    })
}

fn is_executable(path: &Path) -> bool {
    let found = fs::metadata(path);
    found.is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Whether the kernel would take it for a program: ELF, or a script that names its
/// interpreter.
fn begins_as_a_program(path: &Path) -> io::Result<bool> {
    let mut first = [0; 4];
    let length = File::open(path)?.read(&mut first)?;
    let first = first.get(..length).unwrap_or_default();
    Ok(first == b"\x7fELF" || first.starts_with(b"#!"))
}

fn which_of(several: &[OsString], name: &str) -> String {
    format!(
        "which of {} is the server? call it {name}",
        listed(several, |_| "")
    )
}

fn nothing(names: &[OsString], folder: &Path) -> String {
    let found = match names {
        [] => "nothing".to_owned(),
        names => listed(
            names,
            |name| if folder.join(name).is_dir() { "/" } else { "" },
        ),
    };
    format!(
        "looked at the top for a Cargo.toml, server.py, an executable server, or \
         the only executable or *.py; found {found}"
    )
}

/// The first names, each with what `mark` puts behind it.
fn listed(names: &[OsString], mark: impl Fn(&OsStr) -> &'static str) -> String {
    let shown = names.iter().take(NAMED);
    let shown = shown.map(|name| {
        let name = name.as_os_str();
        printable(name.as_bytes()) + mark(name)
    });
    let mut shown: Vec<_> = shown.collect();
    if names.len() > NAMED {
        shown.push(format!("{} more", names.len() - NAMED));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(files: &[(&str, &str, u32)]) -> Content {
        let folder = tempfile::tempdir().unwrap();
        for (name, text, mode) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).unwrap();
        }
        server(folder.path()).unwrap()
    }

    #[test]
    fn the_server_of_a_submission_is_found_under_several_names() {
        let elf = "\x7fELF";
        let program = |name: &str| Content::Program(name.into());
        let script = |name: &str| Content::Script(name.into());
        for (files, due) in [
            (
                &[("Cargo.toml", "", 0o644), ("server", elf, 0o755)][..],
                Content::Package,
            ),
            (
                &[("server.py", "", 0o644), ("Cargo.toml", "", 0o644)],
                script("server.py"),
            ),
            (
                &[
                    ("server.py", "", 0o644),
                    ("Cargo.toml", "", 0o644),
                    ("src/main.rs", "", 0o644),
                ],
                Content::Package,
            ),
            (&[("server", elf, 0o644)], program("server")),
            (
                &[("a.out", elf, 0o755), ("notes.txt", "", 0o755)],
                program("a.out"),
            ),
            (
                &[("run", "#!/bin/sh", 0o755), ("chart.sh", "#!", 0o755)],
                program("run"),
            ),
            (
                &[("my_server.py", "", 0o644), ("resp.py", "", 0o644)],
                script("my_server.py"),
            ),
            (
                &[("threads.py", "", 0o755), ("server", elf, 0o755)],
                program("server"),
            ),
        ] {
            assert_eq!(content(files), due, "{files:?}");
        }
    }

    #[test]
    fn what_is_no_server_is_answered_with_what_was_found() {
        for (files, due) in [
            (&[][..], "found nothing"),
            (
                &[("report.pdf", "", 0o644), ("anna/Cargo.toml", "", 0o644)],
                "found anna/, report.pdf",
            ),
            (
                &[("one.py", "", 0o644), ("two.py", "", 0o644)],
                "which of one.py, two.py is the server? call it server.py",
            ),
            (
                &[("a", "#!/bin/sh", 0o755), ("b", "#!/bin/sh", 0o755)],
                "which of a, b is the server? call it server",
            ),
        ] {
            let Content::Nothing(why) = content(files) else {
                panic!("{files:?}");
            };
            assert!(why.contains(due), "{why}");
        }
    }
}
