//! The program: from its options to its exit status.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use crate::{
    catalogue, course, designs, doctor, error::Error, options::Options, replay,
    scenario::Folder, terminal, viewer::show,
};

/// Does what the options say; errors go to standard error.
#[must_use]
pub fn main(options: &Options) -> ExitCode {
    match run(options) {
        Ok(code) => code,
        Err(error) => {
            // Where standard error is closed, the exit status alone says it.
            let _ = writeln!(io::stderr(), "sleep-demo: {error}");
            ExitCode::from(error.exit_status())
        }
    }
}

fn run(options: &Options) -> Result<ExitCode, Error> {
    let folder = Folder::from_environment();
    let style = terminal::style(&io::stdout(), options.wishes());
    if options.doctor {
        let (can_run, findings) = doctor::examine(options, &folder);
        show(&findings, &style)?;
        return Ok(if can_run {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(3)
        });
    }
    if options.list {
        show(&catalogue::list(&folder, &style)?, &style)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(name) = &options.explain {
        show(&catalogue::explain(&folder, name, &style)?, &style)?;
        return Ok(ExitCode::SUCCESS);
    }
    if options.designs {
        return designs::show(options, &folder, &style);
    }
    if let Some(name) = &options.replay {
        return replay::run(name, options, &folder);
    }
    course::play(options, &folder, &style)
}
