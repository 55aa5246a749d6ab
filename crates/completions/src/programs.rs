//! The command lines of the kit's programs, from the options that each of them parses.

use clap::{Command, CommandFactory, ValueHint, builder::PossibleValuesParser};

/// All programs; `scenarios` are what the demo can play.
pub(crate) fn all(scenarios: Vec<String>) -> Vec<Command> {
    vec![
        server("single-server"),
        server("threaded-server"),
        client::options::Options::command(),
        sleep_demo(scenarios),
        grader::options::Options::command().name("grader"),
        bench::options::Options::command().name("bench"),
    ]
}

fn server(name: &'static str) -> Command {
    service::Options::command(name, "")
        .mut_arg("allow", |allow| allow.value_hint(ValueHint::CommandName))
}

fn sleep_demo(scenarios: Vec<String>) -> Command {
    // clap keeps borrowed names alone, and these are needed to the program's end.
    let names = scenarios
        .into_iter()
        .map(|name| -> &'static str { name.leak() });
    let names = PossibleValuesParser::new(names);
    sleep_demo::options::Options::command()
        .name("sleep-demo")
        .mut_arg("scenarios", |played| played.value_parser(names.clone()))
        .mut_arg("explain", |explained| explained.value_parser(names))
}
