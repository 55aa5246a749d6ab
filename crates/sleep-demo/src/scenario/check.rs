//! What the types of a scenario file can't hold: names that exist, requests that can be typed.

use toml::Spanned;

use super::{ClientSpec, ServerSpec, error::Fault, file::Expect};

/// A name stands in charts, expectations and lists: no blanks, no dots.
pub(super) fn client_name(name: &Spanned<String>) -> Result<(), Fault> {
    let is_fine = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    if !name.get_ref().is_empty() && name.get_ref().chars().all(is_fine) {
        return Ok(());
    }
    let what = "expected a client's name of letters, digits, '-' and '_'";
    Err(Fault::new(name.span(), what))
}

pub(super) fn request(request: &Spanned<String>) -> Result<(), Fault> {
    match proto::split_line(request.get_ref().as_bytes()) {
        Ok(arguments) if arguments.is_empty() => Err(Fault::new(
            request.span(),
            "expected a request, as in \"SLEEP 2s\"",
        )),
        Ok(_) if request.get_ref().contains(['\r', '\n']) => {
            Err(Fault::new(request.span(), "expected a request on one line"))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(Fault::new(request.span(), error.to_string())),
    }
}

/// Every name in an expectation must be somebody's.
pub(super) fn expectation(
    server: &Spanned<String>,
    expect: &Expect,
    servers: &[ServerSpec],
    clients: &[ClientSpec],
) -> Result<(), Fault> {
    if !servers.iter().any(|spec| spec.name == *server.get_ref()) {
        let names = servers.iter().map(|spec| spec.name.as_str());
        return Err(nobody("server", server, names));
    }
    let requests: Vec<String> = clients
        .iter()
        .flat_map(|client| {
            (0..client.requests.len()).map(|index| client.request_id(index))
        })
        .collect();
    let lists = [&expect.blocked, &expect.failed];
    for name in lists.into_iter().flatten().flatten() {
        if !requests.contains(name.get_ref()) {
            return Err(nobody("request", name, requests.iter().map(String::as_str)));
        }
    }
    for name in expect.replies.keys() {
        let names = clients.iter().map(|client| client.name.as_str());
        if !names.clone().any(|known| known == name.get_ref()) {
            return Err(nobody("client", name, names));
        }
    }
    Ok(())
}

fn nobody<'a>(
    what: &str,
    name: &Spanned<String>,
    known: impl Iterator<Item = &'a str>,
) -> Fault {
    const SHOWN: usize = 12;
    let mut known: Vec<&str> = known.take(SHOWN + 1).collect();
    if known.len() > SHOWN {
        known.truncate(SHOWN);
        known.push("…");
    }
    let text = format!(
        "no {what} is called '{}'; expected one of {}",
        name.get_ref(),
        known.join(", ")
    );
    Fault::new(name.span(), text)
}
