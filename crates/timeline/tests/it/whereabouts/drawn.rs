//! What is drawn, said and recorded of where requests waited.

use timeline::{
    Style,
    chart::{html, plain, svg, text},
    record::{Count, Doing, Moment, Observed, Record},
    verdict::Verdict,
    whereabouts::{self, Whereabouts::Backlog},
};

use super::{MS, stay, thread};
use crate::made_up::{HEAD_OF_LINE, record};

const EIGHTY: Style = Style {
    width: 80,
    colour: false,
    ascii: false,
};

/// A record of the two servers, with B, C and D in the backlog of one and at a lock in
/// the other.
fn both() -> Record {
    let mut record = record(HEAD_OF_LINE);
    let mut lock = record.runs[0].servers[0].clone();
    lock.name = "lock-too-long".to_owned();
    let observed = |threads: &[usize], backlog: &[usize]| Observed {
        counts: (0..)
            .zip(threads.iter().zip(backlog))
            .map(|(index, (threads, backlog))| Count {
                at_us: index * 200 * MS,
                threads: Some(*threads),
                backlog: Some(*backlog),
            })
            .collect(),
        until_us: 2_500 * MS,
        ..Observed::default()
    };
    let single = &mut record.runs[0].servers[0];
    single.observed = Some(observed(&[2, 2, 2, 2], &[0, 1, 2, 3]));
    for connection in single.connections.iter_mut().skip(1) {
        connection.in_backlog_us = Some(1_990 * MS);
    }
    let mut seen = observed(&[2, 3, 4, 5], &[0, 0, 0, 0]);
    for (index, connection) in lock.connections.iter_mut().enumerate() {
        let name = format!("client-{index}");
        connection.requests[0].thread = Some(name.clone());
        let id = u32::try_from(index).unwrap();
        seen.threads
            .push(thread(&name, id, &[(0, 1_999, Doing::Futex)]));
    }
    lock.observed = Some(seen);
    record.runs[0].servers = vec![record.runs[0].servers[0].clone(), lock];
    record
}

#[test]
fn each_place_has_a_sign_of_its_own_and_the_chart_fits_eighty_columns() {
    let record = both();
    let run = &record.runs[0];
    let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
    for (ascii, backlog, lock) in [(false, "▒▒▒", "▌▌▌"), (true, "bbb", "LLL")]
    {
        let style = Style {
            width: 80,
            colour: false,
            ascii,
        };
        let lines = text::chart(run, &verdicts, None, &style);
        assert!(lines.iter().all(|line| line.length() <= 80));
        let lines: Vec<String> = lines.iter().map(|line| line.render(false)).collect();
        let row = |from: usize, who: &str| {
            let mut rows = lines.iter().skip(from);
            rows.find(|line| line.starts_with(who)).unwrap()
        };
        for who in [" B ", " C ", " D "] {
            assert!(row(0, who).contains(backlog) && row(0, who).ends_with("backlog"));
            assert!(row(7, who).contains(lock) && row(7, who).ends_with("lock"));
        }
        assert!(row(0, " observed").ends_with("2 threads, backlog 3"));
        let legend = lines.last().unwrap();
        assert!(
            legend.ends_with("right: seconds, behind, where"),
            "{legend}"
        );
        assert!(
            row(7, " observed").contains("2 3  4  5"),
            "{}",
            row(7, " observed")
        );
    }
}

#[test]
fn sentences_pictures_and_traces_name_the_places_too() {
    let record = both();
    let run = &record.runs[0];
    let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
    let printed = plain::sentences(run, &verdicts).join("\n");
    assert!(
        printed.contains("B was in the backlog for 1.80 s."),
        "{printed}"
    );
    assert!(printed.contains("B was at a lock for 1.80 s."), "{printed}");
    assert!(
        printed.contains("at most seen at once: 2 threads, backlog 3."),
        "{printed}"
    );
    let picture = svg::picture(&record);
    for class in ["class=\"backlog\" d=", "class=\"lock\" d=", ">where<"] {
        assert!(picture.contains(class), "{class}");
    }
    assert!(html::page(&record).contains("<th>where</th>"));
    let trace = serde_json::to_string(&timeline::trace::trace(&record)).unwrap();
    for name in [
        "in the backlog",
        "at a lock",
        "thread client-1",
        "\"ph\":\"C\"",
    ] {
        assert!(trace.contains(name), "{name}");
    }
}

#[test]
fn no_verdict_depends_on_what_was_seen() {
    let record = both();
    for server in &record.runs[0].servers {
        let mut unseen = server.clone();
        unseen.observed = None;
        for connection in &mut unseen.connections {
            (connection.in_backlog_us, connection.accepted_us) = (None, None);
        }
        let (with, without) = (Verdict::of(server), Verdict::of(&unseen));
        assert_eq!(with.story(server), without.story(&unseen));
        assert_eq!(with.failures, without.failures);
    }
}

#[test]
fn a_replay_shows_what_was_seen_by_its_moment() {
    let record = both();
    let run = &record.runs[0];
    assert_eq!(run.known_at(|_| Moment::Over), *run);
    let known = run.known_at(|_| Moment::At(500 * MS));
    let observed = known.servers[1].observed.as_ref().unwrap();
    assert_eq!(observed.counts.len(), 3);
    assert!(
        observed
            .threads
            .iter()
            .all(|thread| thread.did[0].to_us <= 500 * MS)
    );
    let stays = whereabouts::of(&known.servers[0]);
    assert_eq!(
        stays[1],
        [stay(Backlog, 200, 500)],
        "B waits, and is not served yet"
    );
    let before = run.known_at(|_| Moment::Before);
    assert_eq!(before.servers[0].observed, Some(Observed::default()));
}

#[test]
fn a_record_of_a_later_kit_may_know_more_that_threads_do() {
    let mut json = serde_json::to_value(both()).unwrap();
    let did = "/runs/0/servers/1/observed/threads/0/did/0/what";
    *json.pointer_mut(did).unwrap() = "dances".into();
    let record = Record::read(json.to_string().as_bytes()).unwrap();
    let observed = record.runs[0].servers[1].observed.as_ref().unwrap();
    assert_eq!(observed.threads[0].did[0].what, Doing::Unknown);
}

#[test]
fn times_that_no_look_can_have_shown_are_refused() {
    for (pointer, value) in [
        ("counts/0/at_us", 10_u64.pow(13)),
        ("threads/0/did/0/from_us", 10_u64.pow(7)),
        ("threads/0/did/0/to_us", 10_u64.pow(13)),
        ("until_us", 10_u64.pow(13)),
    ] {
        let mut json = serde_json::to_value(both()).unwrap();
        let place = format!("/runs/0/servers/1/observed/{pointer}");
        *json.pointer_mut(&place).unwrap() = value.into();
        let error = Record::read(json.to_string().as_bytes()).unwrap_err();
        assert!(
            error.place.starts_with(".runs[0].servers[1].observed"),
            "{error}"
        );
    }
}

/// Wherever its last piece lies between two cells.
#[test]
fn a_wait_has_no_hole_and_the_legend_names_what_is_drawn() {
    let mut drawn = [false; 2];
    for sent in (100..300).map(|sent| sent * MS) {
        let mut record = both();
        let run = &mut record.runs[0];
        run.servers.truncate(1);
        let b = &mut run.servers[0].connections[1];
        (b.opened_us, b.closed_us) = (Some(sent), Some(sent + 500 * MS));
        (b.in_backlog_us, b.accepted_us) = (Some(sent + 170 * MS), Some(sent + 170 * MS));
        let request = &mut b.requests[0];
        request.sent_us = Some(sent);
        request.replied_us = Some(sent + 500 * MS);
        request.service_us = Some(300 * MS);
        let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
        let lines = text::chart(run, &verdicts, None, &EIGHTY);
        let lines: Vec<String> = lines.iter().map(|line| line.render(false)).collect();
        let row = lines.iter().find(|line| line.starts_with(" B ")).unwrap();
        let hole = row.contains("▒ ▄") || row.contains("▒  ▄");
        assert!(!hole, "{row}");
        let is_drawn = row.contains('█');
        let legend = lines.last().unwrap();
        assert_eq!(legend.contains("unknown"), is_drawn, "{row}\n{legend}");
        drawn[usize::from(is_drawn)] = true;
    }
    assert_eq!(drawn, [true; 2], "both were tried");
}

#[test]
fn a_crowd_that_waits_in_the_backlog_is_drawn_as_one_that_waits() {
    let clients = "client = [
        { name = 'A', at = '0s', requests = ['SLEEP 1s'] },
        { name = 'P', at = '100ms', requests = ['PING'], count = 30 },
    ]";
    let mut record = record(clients);
    let rows = |record: &Record| -> Vec<String> {
        let run = &record.runs[0];
        let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
        let lines = text::chart(run, &verdicts, None, &EIGHTY);
        let lines = lines.iter().map(|line| line.render(false));
        let waiting = |line: &String| line.starts_with(" P×30 waiting");
        lines.filter(waiting).collect()
    };
    let blocks = |row: &str| row.matches(|one| ('▁'..='█').contains(&one)).count();
    let seen = blocks(&rows(&record)[0]);
    let single = &mut record.runs[0].servers[0];
    for connection in single.connections.iter_mut().skip(1) {
        connection.in_backlog_us = Some(990 * MS);
    }
    single.observed = Some(Observed {
        until_us: 1_100 * MS,
        ..Observed::default()
    });
    let placed = &rows(&record)[0];
    assert!(seen > 20 && blocks(placed) > 20, "{seen}: {placed}");
}
