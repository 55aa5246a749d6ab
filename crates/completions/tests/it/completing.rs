//! What the scripts complete, asked of the shells themselves.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use tempfile::TempDir;

const PROGRAMS: [&str; 6] = [
    "single-server",
    "threaded-server",
    "client",
    "sleep-demo",
    "grader",
    "bench",
];

/// What a person typed before the Tab key, and what is then among the candidates.
const TYPED: [(&str, &str); 8] = [
    ("sleep-demo --pre", "--predict"),
    ("sleep-demo --plain --explain thread-l", "thread-limit"),
    ("sleep-demo --color al", "always"),
    ("single-server --max-clients", "--max-clients"),
    ("threaded-server --quiet --op", "--operator"),
    ("client --conn", "--connect"),
    ("grader --format juni", "junit"),
    ("bench --only crow", "crowd"),
];

/// A scenario's name, which clap's script for fish leaves out.
const SCENARIO: (&str, &str) = ("sleep-demo --plain idle-c", "idle-client");

/// Liveness alone, in milliseconds.
const PATIENCE: u64 = 20_000;

/// The scripts for one shell: one file for each program.
fn scripts(shell: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_completions"))
        .arg(shell)
        .arg(folder.path().join("made"))
        .output()
        .unwrap();
    assert!(made.status.success(), "{shell}: {made:?}");
    folder
}

fn file(shell: &str, program: &str) -> String {
    match shell {
        "zsh" => format!("_{program}"),
        _ => format!("{program}.{shell}"),
    }
}

fn stdout_of(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The long flags that a program's help lists.
fn flags(program: &str) -> BTreeSet<String> {
    let help = stdout_of(Command::new(fixture::program(program)).arg("--help"));
    let entries = help.lines().map(str::trim_start).filter_map(|line| {
        let line = line.strip_prefix("-h, ").unwrap_or(line);
        let line = line.strip_prefix("-V, ").unwrap_or(line);
        let flag = line.strip_prefix("--")?;
        flag.split(|c: char| c != '-' && !c.is_ascii_lowercase())
            .next()
    });
    entries.map(str::to_owned).collect()
}

#[test]
fn every_flag_of_every_program_stands_in_its_script() {
    for shell in ["bash", "zsh", "fish"] {
        let folder = scripts(shell);
        let made = folder.path().join("made");
        assert_eq!(fs::read_dir(&made).unwrap().count(), PROGRAMS.len());
        for program in PROGRAMS {
            let script = fs::read_to_string(made.join(file(shell, program))).unwrap();
            let flags = flags(program);
            assert!(flags.len() >= 5, "{program}: {flags:?}");
            for flag in flags {
                let sign = if shell == "fish" {
                    format!(" -l {flag} ")
                } else {
                    format!("--{flag}")
                };
                let script = script.replace('\n', " ");
                assert!(script.contains(&sign), "{shell}: {program} lacks --{flag}");
            }
        }
    }
}

#[test]
fn without_a_folder_all_scripts_go_to_standard_output() {
    let print =
        |shell| stdout_of(Command::new(env!("CARGO_BIN_EXE_completions")).arg(shell));
    for shell in ["bash", "zsh", "fish"] {
        let folder = scripts(shell);
        let scripts = PROGRAMS.map(|program| {
            fs::read_to_string(folder.path().join("made").join(file(shell, program)))
                .unwrap()
        });
        assert_eq!(print(shell), scripts.concat());
    }
}

#[test]
fn bash_completes_what_was_typed() {
    if !fixture::has("bash") {
        return;
    }
    let folder = scripts("bash");
    for (typed, due) in TYPED.into_iter().chain([SCENARIO]) {
        // What readline does at the Tab key: it sets these, and calls the function.
        let ask = r#"
            . "made/$1.bash"
            function=$(complete -p "$1" | sed 's/.* -F \([^ ]*\) .*/\1/')
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            "$function" "$1" "${!#}" "${@: -2:1}"
            printf '%s\n' "${COMPREPLY[@]}""#;
        let mut bash = Command::new("bash");
        bash.args(["--norc", "-c", ask, "bash"])
            .args(typed.split(' '));
        let offered = stdout_of(bash.current_dir(&folder));
        assert_eq!(offered.lines().collect::<Vec<_>>(), [due], "{typed}");
    }
}

#[test]
fn fish_completes_what_was_typed() {
    if !fixture::has("fish") {
        return;
    }
    let folder = scripts("fish");
    for (typed, due) in TYPED {
        let ask = "source made/$argv[1].fish; complete --do-complete $argv[2]";
        let program = typed.split(' ').next().unwrap();
        let mut fish = Command::new("fish");
        fish.args(["--no-config", "--command", ask, program, typed]);
        let offered = stdout_of(fish.current_dir(&folder).env("HOME", folder.path()));
        let words = offered.lines().filter_map(|line| line.split('\t').next());
        assert!(
            words.collect::<Vec<_>>().contains(&due),
            "{typed}: {offered}"
        );
    }
}

#[test]
fn zsh_completes_what_was_typed() {
    if !fixture::has("zsh") {
        return;
    }
    let folder = scripts("zsh");
    let mut terminal = zsh(folder.path());
    for (typed, due) in TYPED.into_iter().chain([SCENARIO]) {
        // The line is not run: zsh shows what it has become, and Ctrl-U takes it back.
        terminal.send(&format!("{typed}\t")).unwrap();
        terminal.flush().unwrap();
        let ending = due.trim_start_matches('-');
        let shown = terminal.exp_string(ending);
        assert!(shown.is_ok(), "{typed}: {shown:?}");
        terminal.send("\u{15}").unwrap();
    }
    terminal.send_line("exit").unwrap();
    terminal.exp_eof().unwrap();
}

#[test]
fn the_first_build_in_front_of_a_class_is_without_them() {
    let demo = ["sleep-demo", "single-server", "threaded-server"];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut tree = Command::new(cargo);
    tree.args(["tree", "--offline", "--edges", "normal,build"]);
    tree.args(demo.map(|package| format!("--package={package}")));
    let tree = stdout_of(tree.current_dir(fixture::workspace()));
    assert!(tree.contains("clap_builder"), "{tree}");
    assert!(!tree.contains("clap_complete"), "{tree}");
}

/// zsh at a terminal, with the scripts where it looks for them.
fn zsh(folder: &Path) -> rexpect::session::PtySession {
    let mut command = Command::new("zsh");
    command.arg("-f").current_dir(folder);
    command
        .env("TERM", "dumb")
        .env("HOME", folder)
        .env("PS1", "% ");
    let mut terminal = rexpect::session::spawn_command(command, Some(PATIENCE)).unwrap();
    terminal
        .send_line(
            "fpath=($PWD/made $fpath); autoload -U compinit; compinit -u; echo rea''dy",
        )
        .unwrap();
    terminal.exp_string("ready").unwrap();
    terminal
}
