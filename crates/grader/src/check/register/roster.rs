//! Whether each student who registered stands on the roster, once.

use proto::Reply;

use super::{Student, failure_text, student};
use crate::{
    early_end::{EarlyEnd, FailureText},
    running::Running,
    test_client::{TestClient, shown},
    workbench::Workbench,
};

pub(super) fn judge(
    test_clients: &mut [TestClient],
    students: &[Student],
) -> Result<(), EarlyEnd> {
    let failure_text = failure_text(
        format!("{} students registered; A sent ROSTER", students.len()),
        "the reply holds every student: name, id and GitHub name",
    );
    let Some(a) = test_clients.first_mut() else {
        return Ok(());
    };
    let rows = roster(a, &failure_text)?;
    let missing = students.iter().find(|student| {
        let holds = |row: &String| student.iter().all(|part| row.contains(part));
        !rows.iter().any(holds)
    });
    match missing {
        None => Ok(()),
        Some([name, id, github]) => Err(failure_text.broken(format!(
            "`{name}`, `{id}`, `{github}` was answered OK and is not on the roster of {}",
            rows.len()
        ))),
    }
}

/// The entries of the roster: the items of an array, or the lines of a text.
fn roster(
    a: &mut TestClient,
    failure_text: &FailureText,
) -> Result<Vec<String>, EarlyEnd> {
    let reply = a.ask(&["ROSTER"]);
    match reply.map_err(|trouble| failure_text.trouble("A's ROSTER", &trouble))? {
        Reply::Array(items) => Ok(items.iter().map(row).collect()),
        Reply::Bulk(text) => Ok(text_of(&text).lines().map(str::to_owned).collect()),
        other => Err(failure_text.broken(format!("A's ROSTER got {}", shown(&other)))),
    }
}

fn row(item: &Reply) -> String {
    match item {
        Reply::Array(fields) => fields.iter().map(row).collect::<Vec<_>>().join(" "),
        Reply::Simple(text) | Reply::Bulk(text) => text_of(text),
        _ => String::new(),
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The same id again, with another name: it replaces the entry, or is refused; it is not
/// there twice.
pub(super) fn twice(
    workbench: &Workbench<'_>,
    running: &Running<'_>,
) -> Result<(), EarlyEnd> {
    if !workbench.shared.commands.know("ROSTER") {
        return Ok(());
    }
    let failure_text = failure_text(
        "A sent REGISTER twice, with the same id and different names, and ROSTER",
        "the id stands on the roster once: with the later name, or with the first one \
         if the second REGISTER got an error",
    );
    let [first, id, github] = student();
    let [second, ..] = student();
    let mut a = running.test_client(&failure_text, "A")?;
    let mut names = Vec::new();
    for name in [&first, &second] {
        let reply = a.ask(&["REGISTER", name, &id, &github]);
        match reply.map_err(|trouble| failure_text.trouble("A's REGISTER", &trouble))? {
            Reply::Error(_) if !names.is_empty() => {}
            reply if reply == Reply::ok() => names.push(name),
            other => {
                return Err(
                    failure_text.broken(format!("A's REGISTER got {}", shown(&other)))
                );
            }
        }
    }
    let rows = roster(&mut a, &failure_text)?;
    let rows: Vec<_> = rows.iter().filter(|row| row.contains(&id)).collect();
    let due = names.last().copied();
    match (rows.as_slice(), due) {
        ([row], Some(name)) if row.contains(name.as_str()) => Ok(()),
        ([_], _) => Err(failure_text.broken("the id stands there with the other name")),
        _ => {
            Err(failure_text.broken(format!("the id stands there {} times", rows.len())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::row;
    use proto::Reply;

    #[test]
    fn a_row_is_its_fields() {
        let fields = ["Ada qa", "qb"].map(Reply::text).to_vec();
        assert_eq!(row(&Reply::Array(fields)), "Ada qa qb");
    }
}
