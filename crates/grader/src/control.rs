//! Whether the server failed or the machine stalled: no machine costs a student a
//! point.

use crate::{
    check::Check,
    early_end::EarlyEnd,
    starting::StartFailure,
    test_client::Trouble,
    verdict::{Failure, Verdict},
    workbench::Workbench,
};

/// How often a check is run before it is given up as inconclusive.
const TRIES: u32 = 4;

/// Runs a check: what is proven counts at once. That nothing came counts once it was seen
/// twice, each time on fresh servers, and each time a lone client was answered after it.
/// Once is enough for a reply that is only begun, if a lone client got no more of one.
pub(crate) fn judge(check: &Check, workbench: &Workbench<'_>) -> Verdict {
    let mut seen: Option<Failure> = None;
    let mut reason = String::new();
    for _ in 0..TRIES {
        let against = match (check.run)(workbench) {
            Ok(note) => return Verdict::Passed { note },
            Err(EarlyEnd::Broken(failure)) => return Verdict::Failed(*failure),
            Err(EarlyEnd::Skipped(reason)) => return Verdict::Skipped { reason },
            Err(EarlyEnd::Stalled(why)) => Err(why),
            Err(EarlyEnd::TimeIsUp) => return time_is_up(workbench, seen),
            // A wait that the end of the grading cut short says nothing about the server.
            Err(EarlyEnd::Silent(_)) if workbench.patience().is_err() => {
                return time_is_up(workbench, seen);
            }
            // A lone client has been without its reply, too.
            Err(EarlyEnd::Silent(failure))
                if failure.is_begun && workbench.shared.is_cut_off =>
            {
                return Verdict::Failed(*failure);
            }
            Err(EarlyEnd::Silent(failure)) => match lone_client(workbench) {
                Ok(()) => Ok(*failure),
                Err(control) => control.or(*failure),
            },
            Err(EarlyEnd::NoServer(start)) => {
                Control::NoServer(*start).or(Failure::default())
            }
        };
        match (against, &seen) {
            (Ok(failure), Some(_)) => return Verdict::Failed(failure),
            (Ok(failure), None) => seen = Some(failure),
            (Err(why), _) => reason = why,
        }
    }
    Verdict::Inconclusive {
        reason: format!("{reason} ({TRIES} tries)"),
    }
}

/// What was seen once, with a control that was answered, stands when there is no time for
/// a second look: else a server could be too slow to be failed.
fn time_is_up(workbench: &Workbench<'_>, seen: Option<Failure>) -> Verdict {
    let is_interrupted = workbench.shared.registry.is_closed();
    match seen.filter(|_| !is_interrupted) {
        Some(failure) => Verdict::Failed(failure),
        None if workbench.shared.one_at_a_time.is_some() && !is_interrupted => {
            Verdict::Failed(Failure {
                server: "only one copy of it can run at a time".to_owned(),
                did: "ran the checks one after another".to_owned(),
                expected: "several servers run side by side, each on a port of its own"
                    .to_owned(),
                observed: "the time for the whole grading was up before this check"
                    .to_owned(),
                means: "the server does not listen where --listen says".to_owned(),
                likely_causes: vec!["a port that is written into the program".to_owned()],
                ..Failure::default()
            })
        }
        None => Verdict::Inconclusive {
            reason: "the time for the whole grading was up; if other checks failed, \
                     mend them first"
                .to_owned(),
        },
    }
}

/// Why a lone client got no answer from a fresh server.
#[derive(Debug)]
pub(crate) enum Control {
    NoServer(StartFailure),
    /// It slept on, and left the client alone: that is no slow machine.
    Slept(String),
    Stalled(String),
    TimeIsUp,
    /// The system does not show what a server does.
    Blind,
}

impl Control {
    /// Whether it speaks against the server, beside a failure of a check.
    fn or(self, failure: Failure) -> Result<Failure, String> {
        match self {
            Self::NoServer(start) if start.is_the_machines => Err(start.why),
            Self::NoServer(start) => Ok(start.into_failure()),
            Self::Slept(_) => Ok(failure),
            Self::Stalled(why) => Err(format!("the machine stalled: {why}")),
            blind_or_late => Err(blind_or_late.why().to_owned()),
        }
    }

    /// What every check says where there is no server.
    pub(crate) fn as_failure(&self) -> Failure {
        let printed = match self {
            Self::NoServer(start) => start.printed.clone(),
            _ => Vec::new(),
        };
        Failure {
            server: self.why().to_owned(),
            printed,
            did: "started the server, and sent one request".to_owned(),
            expected: "it prints where it listens, and answers".to_owned(),
            observed: self.why().to_owned(),
            means: "there is no server to judge".to_owned(),
            likely_causes: vec![
                "a first line that is not `listening on ADDR`, or is not flushed"
                    .to_owned(),
                "a port that is written into the program, and taken".to_owned(),
            ],
            ..Failure::default()
        }
    }

    /// Whether the machine is to blame.
    pub(crate) fn is_the_machines(&self) -> bool {
        match self {
            Self::NoServer(start) => start.is_the_machines,
            Self::Slept(_) => false,
            Self::Stalled(_) | Self::TimeIsUp | Self::Blind => true,
        }
    }

    /// In words.
    pub(crate) fn why(&self) -> &str {
        match self {
            Self::NoServer(start) => &start.why,
            Self::Slept(why) | Self::Stalled(why) => why,
            Self::TimeIsUp => "the time for the whole grading was up",
            Self::Blind => {
                "there is no /proc, where Linux shows what a server does: run the grader \
                 on Linux, with /proc mounted"
            }
        }
    }
}

impl From<EarlyEnd> for Control {
    fn from(early_end: EarlyEnd) -> Self {
        match early_end {
            EarlyEnd::NoServer(start) => Self::NoServer(*start),
            _ => Self::TimeIsUp,
        }
    }
}

/// The control: a fresh server, a single client, and an answer of any kind.
///
/// # Errors
///
/// What kept the client from its answer.
pub(crate) fn lone_client(workbench: &Workbench<'_>) -> Result<(), Control> {
    let answer = workbench.with_server(|running| {
        let answer = running
            .connect()
            .and_then(|mut client| client.round_trip(workbench.echo()));
        Ok(answer)
    });
    answered(workbench, answer.map_err(Control::from)?)
}

/// What the first client's luck says.
pub(crate) fn answered(
    workbench: &Workbench<'_>,
    answer: Result<(), Trouble>,
) -> Result<(), Control> {
    let of_client = |trouble| format!("a lone client's {} {trouble}", workbench.echo());
    match answer {
        // A part of an answer, like a wrong one, is for the checks to judge.
        Err(trouble) if trouble.is_begun() => Ok(()),
        Err(trouble @ Trouble::Silent { slept: true, .. }) => {
            let why = of_client(trouble) + ". Is each reply flushed?";
            Err(Control::Slept(why))
        }
        Err(trouble @ Trouble::Refused) => Err(Control::Slept(of_client(trouble))),
        Err(trouble @ (Trouble::Silent { .. } | Trouble::Ours(_))) => {
            Err(Control::Stalled(of_client(trouble)))
        }
        _ => Ok(()),
    }
}
