//! `completions`: writes what a shell needs so that Tab completes the kit's command
//! lines.
//!
//! Made by clap from the very options that the programs parse, which `programs.rs`
//! gathers. The shells (bash, zsh and fish) stand in this file.

mod programs;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Command, Parser, ValueEnum};
use clap_complete::aot;
use sleep_demo::scenario::{Folder, ScenarioError};
use thiserror::Error;

const HELP: &str = "\
{about}

Examples:
  completions bash                  print all scripts, one after another
  completions fish ~/.config/fish/completions
                                    write one file for each program

{usage-heading} {usage}

{all-args}";

/// Writes the completion scripts of the kit's programs
#[derive(Debug, Parser)]
#[command(version, help_template = HELP, term_width = 0)]
struct Options {
    /// Whose scripts to write
    shell: Shell,

    /// Where each program gets a file of its own; it is made where
    /// it is missing [default: all go to standard output]
    #[arg(verbatim_doc_comment)]
    folder: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

#[derive(Debug, Error)]
enum Error {
    #[error("{0}")]
    Scenarios(#[from] ScenarioError),
    #[error(
        "cannot write to {}: {source}; give a folder that can be written",
        .folder.display()
    )]
    Folder { folder: PathBuf, source: io::Error },
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
}

impl Shell {
    fn generator(self) -> aot::Shell {
        match self {
            Self::Bash => aot::Shell::Bash,
            Self::Zsh => aot::Shell::Zsh,
            Self::Fish => aot::Shell::Fish,
        }
    }
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("completions: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Error> {
    let scenarios = Folder::from_environment().names()?;
    let programs = programs::all(scenarios);
    let shell = options.shell.generator();
    match &options.folder {
        Some(folder) => {
            write_files(shell, programs, folder).map_err(|source| Error::Folder {
                folder: folder.clone(),
                source,
            })
        }
        None => print(shell, programs).map_err(Error::Output),
    }
}

fn write_files(
    shell: aot::Shell,
    programs: Vec<Command>,
    folder: &Path,
) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for mut program in programs {
        let name = program.get_name().to_owned();
        aot::generate_to(shell, &mut program, name, folder)?;
    }
    Ok(())
}

fn print(shell: aot::Shell, programs: Vec<Command>) -> io::Result<()> {
    // clap panics where it cannot write; a buffer always can.
    let mut scripts = Vec::new();
    for mut program in programs {
        let name = program.get_name().to_owned();
        aot::generate(shell, &mut program, name, &mut scripts);
    }
    let mut out = io::stdout();
    out.write_all(&scripts).and_then(|()| out.flush())
}
