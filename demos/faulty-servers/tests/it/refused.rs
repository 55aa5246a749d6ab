//! The compiler's words in `src/refused.rs` are the compiler's.

use std::{
    io::Write,
    process::{Command, Stdio},
};

#[test]
fn the_compiler_says_what_is_written_beside_each_mistake() {
    let docs: String = include_str!("../../src/refused.rs")
        .lines()
        .map(|line| {
            line.trim_start_matches("//!")
                .trim_start_matches(' ')
                .to_owned()
                + "\n"
        })
        .collect();
    let examples: Vec<&str> = docs
        .split("```compile_fail")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .map(|example| example.split_once('\n').unwrap().1)
        .collect();
    assert_eq!(examples.len(), 3);
    for example in examples {
        let (code, words) = example.trim_end().rsplit_once('\n').unwrap();
        let words = words.trim_start_matches("// ");
        let said = compile(code);
        assert!(said.contains(words), "{words:?} is not in:\n{said}");
    }
}

fn compile(code: &str) -> String {
    let mut rustc = Command::new(env!("CARGO").replace("cargo", "rustc"))
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "bin",
            "--crate-name",
            "refused",
        ])
        .args([
            "--emit",
            "metadata",
            "--out-dir",
            env!("CARGO_TARGET_TMPDIR"),
            "-",
        ])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    rustc
        .stdin
        .take()
        .unwrap()
        .write_all(code.as_bytes())
        .unwrap();
    String::from_utf8(rustc.wait_with_output().unwrap().stderr).unwrap()
}
