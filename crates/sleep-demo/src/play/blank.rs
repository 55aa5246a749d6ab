//! The clients of a run that has not begun: all their requests, none sent, each with what
//! the queue model says of it.

use std::time::Duration;

use timeline::{
    Places,
    record::{Connection, Modelled, Request},
};

use super::{calibration::Calibration, run_log::micros};
use crate::{
    queue_model::{Prediction, Visit, predict},
    scenario::ClientSpec,
};

/// One connection for each client, and when the model has the last of them leave: `None`
/// where it cannot know.
pub(super) fn blank(
    clients: &[ClientSpec],
    places: Option<Places>,
    calibration: &Calibration,
) -> (Vec<Connection>, Option<Duration>) {
    let service = |request: &str| calibration.service(request);
    let predicted = places.and_then(|places| predict(clients, places, service));
    let predicted = predicted.unwrap_or_default();
    let horizon = predicted.iter().map(|client| client.closed).max();
    let connections = clients
        .iter()
        .enumerate()
        .map(|(index, client)| connection(client, predicted.get(index), calibration));
    (connections.collect(), horizon)
}

fn connection(
    client: &ClientSpec,
    predicted: Option<&Prediction>,
    calibration: &Calibration,
) -> Connection {
    let request = |(index, words): (usize, &String)| Request {
        id: client.request_id(index),
        request: words.clone(),
        alone_us: calibration.alone(words).map(micros),
        model: predicted
            .and_then(|client| client.requests.get(index))
            .map(modelled),
        ..Request::default()
    };
    Connection {
        client: client.name.clone(),
        group: client.group.clone(),
        due_us: micros(client.at),
        read_delay_us: Some(micros(client.read_delay)).filter(|delay| *delay > 0),
        requests: client.requests.iter().enumerate().map(request).collect(),
        ..Connection::default()
    }
}

fn modelled(visit: &Visit) -> Modelled {
    Modelled {
        waited_us: micros(visit.waited()),
        service_us: micros(visit.replied.saturating_sub(visit.started)),
    }
}
