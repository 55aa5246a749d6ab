//! Whether the machine stood still during a run, so that what it shows is not the servers' doing.

use crate::record::{Connection, Request, Run};

/// How much later or longer than foreseen something may be: 30 ms.
const SLACK_US: u64 = 30_000;

/// The first client that came much later than the scenario wants, or request whose service
/// took much longer than was asked for (SLEEP) or measured just before (RUN). Of no use where
/// clients share the cores: there a longer service is what is shown.
///
/// The sentence is for a person: `RUN date took 0.55 s instead of 0.00 s`.
#[must_use]
pub fn of(run: &Run) -> Option<String> {
    let mut requests = run.servers.iter().flat_map(|server| server.requests());
    requests
        .find_map(|(client, request)| came_late(client).or_else(|| took_long(request)))
}

fn came_late(client: &Connection) -> Option<String> {
    let late = client.opened_us?.saturating_sub(client.due_us);
    let name = &client.client;
    (late > SLACK_US).then(|| format!("{name} came {:.2} s late", seconds(late)))
}

fn took_long(request: &Request) -> Option<String> {
    let (service, model) = (request.service_us?, request.model?.service_us);
    (service > model + SLACK_US).then(|| {
        format!(
            "{} took {:.2} s instead of {:.2} s",
            request.request,
            seconds(service),
            seconds(model)
        )
    })
}

#[expect(clippy::cast_precision_loss, reason = "shown with two decimals")]
fn seconds(micros: u64) -> f64 {
    micros as f64 / 1e6
}
