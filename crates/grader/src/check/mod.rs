//! The checks, in the order of the report: what each is called, what it is worth, what it
//! needs. Each has the file or the folder of its name: `lost-update` is `lost_update/`,
//! `slow` is `slow/`.
//!
//! Eight files are no checks. `diagnosis.rs` says what the trouble of a client means,
//! silence or a close, `without_reply.rs` what it means in `answers.rs`, and
//! `wrong_reply.rs` what another reply than the due one means.
//! `burst.rs` sends many requests in one write. `flood.rs` sends much and reads nothing,
//! for `late-reader` and `unread`. `sudden_end.rs` kills a server right after a reply,
//! for `log/`: each request that was answered must have its line. `overtaken.rs` compares
//! the order of the replies of one client with that of its requests, for
//! `lost_update/mod.rs`. `kept.rs` says what a server keeps of clients that have left,
//! for `many_clients.rs` and `rude_clients/`.

mod answers;
mod at_once;
mod burst;
mod busy_waiting;
mod computing;
mod contract;
mod cross_talk;
mod diagnosis;
mod drain;
mod flood;
mod framing;
mod half_close;
mod idle;
mod kept;
mod late_reader;
mod lock_order;
mod log;
mod lost_update;
mod many_clients;
mod overtaken;
mod register;
mod rude_clients;
mod slow;
mod sudden_end;
mod unread;
mod without_reply;
mod wrong_reply;

pub(crate) use at_once::clients as clients_at_once;

use crate::{
    commands::Commands, early_end::Outcome, expectation::Expectation,
    workbench::Workbench,
};

/// One check of a server.
#[derive(Debug)]
pub struct Check {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What it is worth.
    pub points: u32,
    title: fn(Expectation) -> String,
    /// The commands it uses; `ECHO|PING` is either.
    needs: &'static [&'static str],
    /// Whether it needs two clients in service, so that it has to know what `at-once`
    /// found.
    pub(crate) needs_two_in_service: bool,
    pub(crate) run: fn(&Workbench<'_>) -> Outcome,
}

/// All checks, in the order of the report.
pub static CHECKS: &[Check] = &[
    Check {
        name: "contract",
        points: 1,
        title: |_| "announces its address, and exits 0 on SIGTERM".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: contract::run,
    },
    Check {
        name: "answers",
        points: 2,
        title: |_| "answers each request as the protocol says".to_owned(),
        needs: &[],
        needs_two_in_service: false,
        run: answers::run,
    },
    Check {
        name: "framing",
        points: 2,
        title: |_| {
            "a message is what its frame says, not what one read returns".to_owned()
        },
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: framing::run,
    },
    Check {
        name: "half-close",
        points: 1,
        title: |_| "a client that half-closes gets its replies, then the end".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: half_close::run,
    },
    Check {
        name: "late-reader",
        points: 1,
        title: |_| "a reply comes whole, however late it is read".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: late_reader::run,
    },
    Check {
        name: "idle",
        points: 3,
        title: |expected| {
            expected.title(
                "an idle client must not block another client",
                "serves one connection to its end before the next",
            )
        },
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: idle::run,
    },
    Check {
        name: "slow",
        points: 4,
        title: |expected| {
            expected.title(
                "a slow request must not block another client",
                "serves one request before it looks at the next",
            )
        },
        needs: &["ECHO|PING", "SLEEP"],
        needs_two_in_service: false,
        run: slow::run,
    },
    Check {
        name: "computing",
        points: 2,
        title: |_| "a request that computes must not block another client".to_owned(),
        needs: &["ECHO|PING", "PRIMES"],
        needs_two_in_service: true,
        run: computing::run,
    },
    Check {
        name: "unread",
        points: 2,
        title: |_| "a client that does not read must not block another client".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: true,
        run: unread::run,
    },
    Check {
        name: "at-once",
        points: 3,
        title: at_once::title,
        needs: &["MEET"],
        needs_two_in_service: false,
        run: at_once::run,
    },
    Check {
        name: "cross-talk",
        points: 3,
        title: |_| "a reply goes to the client that asked".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: true,
        run: cross_talk::run,
    },
    Check {
        name: "lost-update",
        points: 3,
        title: |_| "no update of a shared counter is lost".to_owned(),
        needs: &["INCR"],
        needs_two_in_service: false,
        run: lost_update::run,
    },
    Check {
        name: "lock-order",
        points: 2,
        title: |_| "clients that ask for different things all get answers".to_owned(),
        needs: &["ECHO|PING", "INCR"],
        needs_two_in_service: true,
        run: lock_order::run,
    },
    Check {
        name: "log",
        points: 2,
        title: |_| "each request is one whole line of the log".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: log::run,
    },
    Check {
        name: "rude-clients",
        points: 3,
        title: |_| "a client that misbehaves does no harm to the next one".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: rude_clients::run,
    },
    Check {
        name: "many-clients",
        points: 2,
        title: |_| "nothing is left of a client that has left".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: many_clients::run,
    },
    Check {
        name: "busy-waiting",
        points: 1,
        title: |_| "the server sleeps while nobody asks".to_owned(),
        needs: &["ECHO|PING"],
        needs_two_in_service: false,
        run: busy_waiting::run,
    },
    Check {
        name: "drain",
        points: 2,
        title: |_| "SIGTERM lets the running request finish".to_owned(),
        needs: &["ECHO|PING", "SLEEP"],
        needs_two_in_service: false,
        run: drain::run,
    },
    Check {
        name: "register",
        points: 3,
        title: |_| "each student who registers is whole, and none is lost".to_owned(),
        needs: &["ECHO|PING", "REGISTER"],
        needs_two_in_service: false,
        run: register::run,
    },
];

impl Check {
    /// What the server is to do, in a line.
    #[must_use]
    pub fn title(&self, expectation: Expectation) -> String {
        (self.title)(expectation)
    }

    /// Whether it can be run on a server that knows `commands` and is to be as expected.
    #[must_use]
    pub fn applies(&self, commands: &Commands, expectation: Expectation) -> bool {
        let known = self.needs.iter().all(|needed| commands.know(needed));
        // A bounded server may use its bound in many ways; nobody says which one
        // computes.
        let is_meant = self.name != "computing" || expectation == Expectation::Concurrent;
        known && is_meant && !(self.needs_two_in_service && expectation.is_serial())
    }
}
