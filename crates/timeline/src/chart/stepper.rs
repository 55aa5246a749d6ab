//! The part of a page that steps through a run: the events as a list, which a script
//! turns into steps on the chart. The list is all of it where no script runs.

use serde_json::json;

use super::svg::escape;
use crate::{
    events::{self, Event, events},
    record::Run,
    verdict::Verdict,
};

const SCRIPT: &str = include_str!("stepper.js");

/// What only this part of the page looks like. A moment is a dashed line, and what comes
/// after it is pale: neither needs colour.
pub(super) const STYLE: &str = "\
figure{margin:0;overflow-x:auto}figure svg{min-width:52rem}.past{pointer-events:none}
.future{opacity:.25}
.tracing .row{opacity:.3}.tracing .chained,.tracing .future{opacity:1}.tracing \
.past{display:none}
.chained .arrow{stroke-width:4}.row:focus-visible{outline:2px solid var(--ink)}
.moment{stroke:var(--ink);stroke-width:2;stroke-dasharray:6 4}
#player{position:sticky;bottom:0;background:var(--paper);border-top:2px solid var(--ink);\
padding:.5rem 0}
#sentence{margin:.25rem 0;min-height:3em;font-weight:700}
#standing{margin:.25rem 0}#standing th,#standing td{text-align:left}
#controls{display:flex;gap:.5rem;flex-wrap:wrap;margin:.5rem 0}
#controls button{font:inherit;min-height:2.75rem;padding:0 1rem}
#slider{flex:1 1 10rem;min-height:2.75rem;min-width:0}
#events{max-height:14rem;overflow-y:auto;padding-left:2.5rem}
[aria-current]{font-weight:700;text-decoration:underline}
@media print{figure svg{min-width:0}#player,.moment,.past{display:none}\
.future{opacity:1}#events{max-height:none}
[aria-current]{font-weight:400;text-decoration:none}}";

/// The controls, hidden until the script runs, and the events.
pub(super) fn section(run: &Run, verdicts: &[Verdict]) -> String {
    let (mut all, left_out) = events(run, verdicts);
    if all.is_empty() {
        return String::new();
    }
    all.sort_by_key(|event| event.at_us);
    let items: String = all.iter().map(item).collect();
    let more = match left_out {
        0 => String::new(),
        count => format!("<p>{}</p>\n", events::left_out(count)),
    };
    let servers: String = run
        .servers
        .iter()
        .map(|server| {
            let name = escape(&server.name);
            format!("<tr><th scope=\"row\">{name}</th><td></td><td></td></tr>\n")
        })
        .collect();
    format!(
        "<section id=\"player\" aria-label=\"Step through the run\" hidden>\n\
         <p id=\"sentence\" aria-live=\"polite\"></p>\n\
         <table id=\"standing\">\n<thead><tr><th scope=\"col\">server</th>\
         <th scope=\"col\">is serving</th><th scope=\"col\">waiting, in \
         order</th></tr></thead>\n\
         <tbody>\n{servers}</tbody></table>\n\
         <div id=\"controls\"><button type=\"button\" id=\"previous\">← Back</button>\n\
         <button type=\"button\" id=\"play\">Play</button>\n\
         <button type=\"button\" id=\"next\">Next →</button>\n\
         <input type=\"range\" id=\"slider\" min=\"0\" value=\"0\" \
         aria-label=\"Event\"></div>\n\
         </section>\n<h2>Step by step</h2>\n\
         <ol id=\"events\" tabindex=\"0\" aria-label=\"Events\">\n{items}</ol>\n{more}"
    )
}

/// The script; nothing where there is nothing to step through.
pub(super) fn script(section: &str) -> String {
    match section {
        "" => String::new(),
        _ => format!("<script>\n(() => {{\n{SCRIPT}}})();\n</script>\n"),
    }
}

fn item(event: &Event) -> String {
    let data = json!({
        "at": event.at_us,
        "server": event.server,
        "serving": few(&event.standing.serving),
        "waiting": few(&event.standing.waiting),
        "asked": few(&event.standing.asked),
    });
    let (data, sentence) = (escape(&data.to_string()), escape(&event.sentence));
    format!("<li data-event=\"{data}\">{sentence}</li>\n")
}

/// As many names as a panel has room for.
fn few(names: &[String]) -> Vec<String> {
    const NAMED: usize = 12;
    let mut few: Vec<String> = names.iter().take(NAMED).cloned().collect();
    if names.len() > NAMED {
        few.push(format!("{} more", names.len() - NAMED));
    }
    few
}
