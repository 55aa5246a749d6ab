//! The picture as a page, with the numbers and hover text. It needs nothing from
//! elsewhere.

use super::{
    places,
    row::OTHERS,
    says_where, seconds, stepper,
    svg::{AXIS, draw, escape},
    table::legend,
};
use crate::{
    columns::in_a_sentence,
    record::{Connection, Record, Request, Run, ServerRun},
    verdict::{Judged, Verdict},
    whereabouts,
};

const STYLE: &str = "\
:root{color-scheme:light dark;--paper:#fff;--ink:#111;--line:#ccc}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#f2f2f2;--line:#3a4046}}
body{margin:2rem auto;max-width:64rem;padding:0 \
1rem;background:var(--paper);color:var(--ink);
font:18px/1.5 system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
svg{width:100%;height:auto}table{border-collapse:collapse;margin:1.5rem 0}
.wide{overflow-x:auto}th,td{padding:.25rem .8rem;border-bottom:1px solid \
var(--line);text-align:right}
th:first-child,td:first-child,#requests \
:nth-child(-n+3){text-align:left}td{font-variant-numeric:tabular-nums}
summary{cursor:pointer;font-weight:700}
@media print{:root{--paper:#fff;--ink:#111;--line:#ccc}body{margin:0;max-width:none;\
font-size:14px}\
.wide{overflow:visible}th,td{padding:.2rem .4rem}}";

/// The last run of a record as a page.
#[must_use]
pub fn page(record: &Record) -> String {
    let Some(run) = record.runs.last() else {
        return String::new();
    };
    let verdicts: Vec<Verdict> = run.servers.iter().map(Verdict::of).collect();
    let lesson = &record.scenario;
    let steps = stepper::section(run, &verdicts);
    let title = escape(&lesson.title);
    let sentences = super::story(run, &verdicts);
    let story: String = sentences
        .iter()
        .map(|text| format!("<li>{}</li>\n", escape(text)))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>\n{STYLE}\n{}\n</style>\n</head>\n<body>\n<main>\n<h1>{title}\
         </h1>\n<p>{}</p>\n{}\
         {steps}<h2>What it shows</h2>\n<ul>\n{story}</ul>\n{}{}\
         <details>\n<summary>{}</summary>\n<p>{}</p>\n<p>The usual wrong answer: \
         {}</p>\n</details>\n\
         <p><small>{}, {}, {} cores, speed {}</small></p>\n</main>\n{}</body>\n</html>\n",
        stepper::STYLE,
        escape(&lesson.lesson),
        figure(record, run),
        comparison(&verdicts),
        numbers(run, &verdicts),
        escape(&lesson.question),
        escape(&lesson.answer),
        escape(&lesson.mistake),
        escape(&record.program),
        escape(&record.started),
        record.cores,
        record.speed,
        stepper::script(&steps),
    )
}

/// The picture, with what it takes to find a moment on it.
fn figure(record: &Record, run: &Run) -> String {
    let (left, length) = AXIS;
    let end = run.end_us();
    let picture = draw(record, false);
    format!(
        "<figure id=\"chart\" tabindex=\"0\" data-left=\"{left}\" \
         data-length=\"{length}\" \
         data-end=\"{end}\">\n{picture}</figure>\n"
    )
}

fn comparison(verdicts: &[Verdict]) -> String {
    let (header, rows) = super::table::values(verdicts);
    let mut table = row("th", &header);
    for cells in rows {
        table.push_str(&row("td", &cells));
    }
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Servers \
         compared\">\
         <table id=\"comparison\">\n{table}</table></div>\n<p><small>{}</small></p>\n",
        legend(verdicts),
    )
}

/// More requests than this are in the run record alone.
const LISTED: usize = 200;

fn numbers(run: &Run, verdicts: &[Verdict]) -> String {
    let says_where = says_where(run);
    let mut header: Vec<String> = HEADER.map(str::to_owned).to_vec();
    header.extend(says_where.then(|| "where".to_owned()));
    let mut table = row("th", &header);
    let servers = run.servers.iter().zip(verdicts);
    let mut all: Vec<Listed<'_>> = servers
        .flat_map(|(server, verdict)| Listed::of(server, verdict))
        .collect();
    let left_out = all.len().saturating_sub(LISTED);
    if left_out > 0 {
        // A crowd must not push out the few who show what it does to others.
        all.sort_by_key(|one| one.client.group.is_some());
    }
    for one in all.iter().take(LISTED) {
        let mut cells = one.cells();
        cells.extend(says_where.then(|| one.place.clone()));
        table.push_str(&row("td", &cells));
    }
    let more = match left_out {
        0 => String::new(),
        count => format!("<p>{count} more requests are in the run record.</p>\n"),
    };
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Requests\">\
         <table id=\"requests\">\n{table}</table></div>\n{more}"
    )
}

const HEADER: [&str; 8] = [
    "server",
    "request",
    "words",
    "sent (s)",
    "waited (s)",
    "served (s)",
    "model: waited (s)",
    "behind",
];

/// A request in the table of numbers.
struct Listed<'a> {
    server: &'a ServerRun,
    client: &'a Connection,
    request: &'a Request,
    judged: &'a Judged,
    place: String,
}

impl<'a> Listed<'a> {
    fn of(server: &'a ServerRun, verdict: &'a Verdict) -> Vec<Self> {
        let judged = server.requests().zip(&verdict.requests);
        let stays = whereabouts::of(&verdict.believed(server));
        let all = judged.zip(stays);
        all.map(|(((client, request), judged), stays)| Self {
            server,
            client,
            request,
            judged,
            place: places::word(&stays),
        })
        .collect()
    }

    fn cells(&self) -> Vec<String> {
        let time = |micros: Option<u64>| micros.map(seconds).unwrap_or_default();
        let if_timed = |micros: Option<u64>| micros.filter(|_| self.server.timed);
        let behind = self.judged.behind.iter().map(|blocker| blocker.name());
        let behind = behind.chain(self.judged.more.then_some(OTHERS));
        let behind: Vec<&str> = behind.collect();
        vec![
            self.server.name.clone(),
            self.request.id.clone(),
            in_a_sentence(&self.request.request),
            time(self.request.sent_us),
            time(if_timed(self.judged.waited_us)),
            time(if_timed(self.judged.served_us)),
            time(self.request.model.map(|model| model.waited_us)),
            behind.join(" "),
        ]
    }
}

fn row(cell: &str, values: &[String]) -> String {
    let cells: String = values
        .iter()
        .map(|value| match (cell, value.as_str()) {
            ("th", "") => "<td></td>".to_owned(), // a heading without words is none
            _ => format!("<{cell}>{}</{cell}>", escape(value)),
        })
        .collect();
    format!("<tr>{cells}</tr>\n")
}
