//! One client more than a server may have in service.

use proto::Reply;

use super::{NOBODY_COMES, failure_text, met, saw, send_meet, wait};
use crate::{early_end::EarlyEnd, test_client::shown, workbench::Workbench};

/// It has to wait, so that they do not meet.
pub(super) fn does_not_meet(
    workbench: &Workbench<'_>,
    most: usize,
) -> Result<(), EarlyEnd> {
    let clients = most + 1;
    let expected = match most {
        1 => "no two meet".to_owned(),
        _ => format!("no more than {most} are in service"),
    };
    let failure_text = failure_text(clients, expected);
    let number = clients.to_string();
    workbench.with_server(|running| {
        let mut test_clients = Vec::new();
        for _ in 0..most {
            test_clients.push(running.served_peer(&failure_text, "a client")?);
        }
        test_clients.push(running.test_client(&failure_text, "one client more")?);
        for test_client in &mut test_clients {
            send_meet(test_client, &number, &failure_text)?;
        }
        wait(running, &test_clients, 2 * NOBODY_COMES);
        let Some(first) = test_clients
            .iter_mut()
            .find(|test_client| test_client.has_something())
        else {
            return Ok(());
        };
        let reply = first.reply();
        match reply.map_err(|trouble| failure_text.trouble("a MEET", &trouble))? {
            Reply::Simple(text) if text == b"MET" => {
                saw(workbench, clients);
                Err(failure_text.broken(format!("all {clients} met")))
            }
            reply if met(&reply).is_some_and(|count| count <= most) => Ok(()),
            reply => Err(failure_text.broken(format!("a MEET got {}", shown(&reply)))),
        }
    })
}
